//! TLS, with certificates for 127.0.0.1 that everybody has the keys of: `testdata/sync/`.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread;

use ijkpunt::sync::{HttpSettings, HttpTransport, Transport};
use rustls::crypto::aws_lc_rs;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig, ServerConnection, StreamOwned};

use super::world::*;

fn pem(name: &str) -> Vec<u8> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/sync");
    fs::read(folder.join(name)).unwrap()
}

/// A server that asks its clients for a certificate.
fn serve(dir: PathBuf) -> String {
    let provider = Arc::new(aws_lc_rs::default_provider());
    let mut roots = RootCertStore::empty();
    let authority = CertificateDer::from_pem_slice(&pem("authority.pem")).unwrap();
    roots.add(authority).unwrap();
    let clients = WebPkiClientVerifier::builder_with_provider(roots.into(), provider.clone());
    let chain = CertificateDer::from_pem_slice(&pem("server.pem")).unwrap();
    let key = PrivateKeyDer::from_pem_slice(&pem("server.pem")).unwrap();
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_client_cert_verifier(clients.build().unwrap())
        .with_single_cert(vec![chain], key)
        .unwrap();
    let config = Arc::new(config);
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("https://{}", listener.local_addr().unwrap());
    thread::spawn(move || {
        for stream in listener.incoming() {
            let connection = ServerConnection::new(config.clone()).unwrap();
            let mut tls = StreamOwned::new(connection, stream.unwrap());
            let _ = answer(&mut tls, &dir);
        }
    });
    address
}

fn answer<S: std::io::Read + Write>(stream: &mut S, dir: &Path) -> std::io::Result<()> {
    let mut lines = BufReader::new(&mut *stream).lines();
    let first = lines.next().transpose()?.unwrap_or_default();
    for line in lines {
        if line?.is_empty() {
            break;
        }
    }
    let path = first.split(' ').nth(1).unwrap_or_default();
    let (status, bytes) = match fs::read(dir.join(path.trim_start_matches('/'))) {
        Ok(bytes) => ("200 OK", bytes),
        Err(_) => ("404 Not Found", Vec::new()),
    };
    let length = bytes.len();
    write!(
        stream,
        "HTTP/1.1 {status}\r\nConnection: close\r\nContent-Length: {length}\r\n\r\n"
    )?;
    stream.write_all(&bytes)?;
    stream.flush()
}

fn came_of(
    world: &World,
    address: &str,
    authority: &str,
    client: Option<&str>,
) -> Result<(), String> {
    let mut settings = HttpSettings::default();
    settings.authorities = pem(authority);
    settings.client = client.map(pem);
    let mirror: Box<dyn Transport> = Box::new(HttpTransport::new(address, &settings).unwrap());
    let came = world.client_of("c", vec![mirror]).once(now());
    let report = came.map_err(|error| error.to_string())?;
    assert!(is_fresh(&report));
    Ok(())
}

#[test]
fn server_and_client_show_certificates_or_nothing_is_read() {
    let world = World::begun();
    let address = serve(world.path("m"));
    // A server that another authority vouches for, and a client without a certificate.
    came_of(&world, &address, "other.pem", Some("client.pem")).unwrap_err();
    came_of(&world, &address, "authority.pem", None).unwrap_err();
    came_of(&world, &address, "authority.pem", Some("client.pem")).unwrap();
}

#[test]
fn certificates_that_are_not_whole_are_refused_at_once() {
    let mut settings = HttpSettings::default();
    settings.authorities = pem("authority.pem");
    for client in [b"no certificate".to_vec(), pem("authority.pem")] {
        settings.client = Some(client);
        assert!(HttpTransport::new("https://127.0.0.1", &settings).is_err());
    }
}
