//! A mirror over HTTP, on this machine.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use ijkpunt::sync::{Client, HttpSettings, HttpTransport, Settings, Transport, TransportError};

use super::world::*;

/// How a server answers where there is a file.
#[derive(Debug, Clone, Copy)]
enum Manner {
    Honest,
    /// To another address, which has the file.
    Redirect,
    Forbidden,
    /// It says that more comes than may.
    Promise,
    /// A byte now and then.
    Drip,
    /// Headers, and then nothing.
    Stall,
    /// Nothing at all.
    Silent,
    /// No answer without this token.
    Token,
}

/// A server for as long as the tests run.
fn serve(dir: PathBuf, manner: Manner) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    thread::spawn(move || {
        for stream in listener.incoming() {
            let dir = dir.clone();
            thread::spawn(move || answer(&stream.unwrap(), &dir, manner));
        }
    });
    address
}

/// One request a connection. Whoever hangs up is left alone.
fn answer(mut stream: &TcpStream, dir: &Path, manner: Manner) -> Option<()> {
    let mut lines = BufReader::new(stream).lines();
    let first = lines.next()?.ok()?;
    let path = first
        .split(' ')
        .nth(1)?
        .trim_start_matches("/elsewhere/")
        .to_owned();
    let is_moved = first.contains("/elsewhere/");
    let headers: Vec<String> = lines
        .map_while(Result::ok)
        .take_while(|line| !line.is_empty())
        .collect();
    let has_token = headers.iter().any(|line| {
        line == "authorization: Bearer secret" || line == "Authorization: Bearer secret"
    });
    let mut head = |status: &str, more: &str| {
        let text = format!("HTTP/1.1 {status}\r\nConnection: close\r\n{more}\r\n");
        stream.write_all(text.as_bytes()).ok()
    };
    let Ok(bytes) = fs::read(dir.join(path.trim_start_matches('/'))) else {
        return head("404 Not Found", "Content-Length: 0\r\n");
    };
    let length = format!("Content-Length: {}\r\n", bytes.len());
    match manner {
        Manner::Redirect if !is_moved => {
            return head(
                "302 Found",
                &format!("Location: /elsewhere{path}\r\nContent-Length: 0\r\n"),
            );
        }
        Manner::Forbidden => return head("403 Forbidden", "Content-Length: 0\r\n"),
        Manner::Token if !has_token => return head("401 Unauthorized", "Content-Length: 0\r\n"),
        Manner::Silent => {
            thread::sleep(Duration::from_secs(60));
            return None;
        }
        Manner::Promise => head("200 OK", "Content-Length: 99999999999999\r\n")?,
        _ => head("200 OK", &length)?,
    }
    match manner {
        Manner::Drip => {
            for byte in bytes {
                stream.write_all(&[byte]).ok()?;
                thread::sleep(Duration::from_millis(20));
            }
        }
        Manner::Stall => thread::sleep(Duration::from_secs(60)),
        _ => stream.write_all(&bytes).ok()?,
    }
    Some(())
}

/// What a newcomer gets of a server that answers so, and what it was told.
fn came_of(manner: Manner, token: Option<&str>) -> Result<(), String> {
    let world = World::begun();
    let address = serve(world.path("m"), manner);
    let mut http = HttpSettings::default();
    http.token = token.map(str::to_owned);
    http.stall = Duration::from_millis(300);
    let mirror: Box<dyn Transport> = Box::new(HttpTransport::new(&address, &http).unwrap());
    let mut settings = Settings::new(REGISTER);
    (settings.short, settings.list) = (Duration::from_secs(1), Duration::from_secs(1));
    let client = Client::new(world.path("c"), vec![mirror], &world.first_root, settings).unwrap();
    let begin = Instant::now();
    let came = client.once(now());
    assert!(begin.elapsed() < Duration::from_secs(20), "{manner:?}");
    let report = came.map_err(|error| error.to_string())?;
    assert!(is_fresh(&report));
    Ok(())
}

#[test]
fn an_honest_server_brings_the_newest() {
    came_of(Manner::Honest, None).unwrap();
    came_of(Manner::Token, Some("secret")).unwrap();
}

#[test]
fn redirects_refusals_and_promises_are_no_files_and_not_their_absence() {
    let told = came_of(Manner::Redirect, None).unwrap_err();
    assert!(told.contains("status 302"), "{told}");
    let told = came_of(Manner::Forbidden, None).unwrap_err();
    assert!(told.contains("status 403"), "{told}");
    let told = came_of(Manner::Token, Some("wrong")).unwrap_err();
    assert!(
        told.contains("status 401") && !told.contains("wrong"),
        "{told}"
    );
    let told = came_of(Manner::Promise, None).unwrap_err();
    assert!(told.contains("more than the"), "{told}");
}

#[test]
fn slow_retrieval_ends() {
    for manner in [Manner::Drip, Manner::Stall, Manner::Silent] {
        let world = World::begun();
        let mut plain = Plain::ask(&serve(world.path("m"), manner), TIMESTAMP);
        let told = came_of(manner, None).unwrap_err();
        assert!(told.contains("not there in time"), "{manner:?}: {told}");
        // Without a limit of time it would wait on: some bytes later, or none, and no end.
        let (answer, has_ended) = plain.so_far();
        assert!(!has_ended, "{manner:?}");
        let body = answer
            .split_once("\r\n\r\n")
            .map_or(0, |(_, body)| body.len());
        assert_eq!(body > 0, matches!(manner, Manner::Drip), "{manner:?}");
    }
}

#[test]
fn a_redirect_leads_whoever_follows_it_elsewhere() {
    let world = World::begun();
    let address = serve(world.path("m"), Manner::Redirect);
    let mut plain = Plain::ask(&address, TIMESTAMP);
    let answer = plain.whole();
    let moved = answer
        .lines()
        .find_map(|line| line.strip_prefix("Location: "));
    assert_eq!(moved, Some("/elsewhere/metadata/timestamp.json"));
    let answer = Plain::ask(&address, moved.unwrap()).whole();
    let file = fs::read_to_string(world.path("m").join(&TIMESTAMP[1..])).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200 OK") && answer.ends_with(&file));
    // The real one does not ask there.
    assert!(came_of(Manner::Redirect, None).is_err());
}

const TIMESTAMP: &str = "/metadata/timestamp.json";

/// A naive reader: it takes what comes, for as long as it comes.
struct Plain(TcpStream, Vec<u8>);

impl Plain {
    fn ask(address: &str, path: &str) -> Self {
        let mut stream = TcpStream::connect(address.trim_start_matches("http://")).unwrap();
        let request = format!("GET {path} HTTP/1.1\r\nHost: here\r\n\r\n");
        stream.write_all(request.as_bytes()).unwrap();
        Self(stream, Vec::new())
    }

    /// What has come, and whether that was all.
    fn so_far(&mut self) -> (String, bool) {
        self.0.set_nonblocking(true).unwrap();
        let has_ended = self.0.read_to_end(&mut self.1).is_ok();
        (String::from_utf8_lossy(&self.1).into_owned(), has_ended)
    }

    fn whole(&mut self) -> String {
        self.0.read_to_end(&mut self.1).unwrap();
        String::from_utf8_lossy(&self.1).into_owned()
    }
}

#[test]
fn addresses_that_would_show_the_list_or_more_are_refused() {
    let new = |address: &str| HttpTransport::new(address, &HttpSettings::default());
    for address in [
        "http://list.example/",
        "https://user:secret@list.example/",
        "https://list.example/?token=secret",
        "https://list.example/#x",
        "file:///etc",
        "list.example",
        "",
        "https://list.example/", // no authority vouches for it
    ] {
        let error = new(address).unwrap_err();
        assert!(matches!(error, TransportError::Settings(_)), "{address}");
        assert!(!error.to_string().contains("secret"));
    }
    assert!(new("http://127.0.0.1:1/").is_ok());
    let mut settings = HttpSettings::default();
    settings.token = Some("secret".to_owned());
    assert!(!format!("{settings:?}").contains("secret"));
    let shown = HttpTransport::new("http://localhost:1", &settings).unwrap();
    assert!(!format!("{shown:?}").contains("secret"));
}
