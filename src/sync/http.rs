//! A mirror behind HTTP.

use std::fmt;
use std::io::{self, Read};
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::{Duration, Instant};

use rustls::crypto::aws_lc_rs;
use ureq::Agent;
use ureq::http::{StatusCode, Uri, header};
use ureq::tls::{Certificate, ClientCert, PemItem, PrivateKey, RootCerts, TlsConfig, parse_pem};

use super::{Place, Transport, TransportError};

/// By what a server is asked. Change single fields of [`HttpSettings::default`]. `Debug` shows no secrets.
#[derive(Clone)]
#[non_exhaustive]
pub struct HttpSettings {
    /// The authorities that may vouch for the server, as PEM: one's own, or the system's bundle. There are none by default, since a list that a program brings
    /// grows old; an address with `https` needs some.
    pub authorities: Vec<u8>,
    /// A token, sent as `Authorization: Bearer`.
    pub token: Option<String>,
    /// A certificate and its key by which the server knows the client, as PEM.
    pub client: Option<Vec<u8>>,
    /// How long connecting may take. Default 10 s.
    pub connect: Duration,
    /// How long the server may be silent in between. Default 15 s.
    pub stall: Duration,
}

impl Default for HttpSettings {
    fn default() -> Self {
        Self {
            authorities: Vec::new(),
            token: None,
            client: None,
            connect: Duration::from_secs(10),
            stall: Duration::from_secs(15),
        }
    }
}

impl fmt::Debug for HttpSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpSettings")
            .field("authorities", &self.authorities.len())
            .field("token", &self.token.is_some())
            .field("client", &self.client.is_some())
            .field("connect", &self.connect)
            .field("stall", &self.stall)
            .finish()
    }
}

/// A repository behind an address. No redirects are followed, no proxy is taken from the environment, nothing is unpacked; that there is no such file
/// is what 404 and 410 say, and no other answer.
pub struct HttpTransport {
    address: String,
    authorization: Option<String>,
    // Only asked for connections, which it makes anew where one broke.
    agent: AssertUnwindSafe<Agent>,
}

impl HttpTransport {
    /// The mirror at this address, such as `https://list.example/baseline`. Nothing is asked yet. Without TLS, only this machine is asked: whoever can read along
    /// would have the list, and the token.
    ///
    /// # Errors
    /// [`TransportError::Settings`]: no such address, or certificates that are not read.
    pub fn new(address: &str, settings: &HttpSettings) -> Result<Self, TransportError> {
        let address = address.trim_end_matches('/');
        let is_tls = checked(address)?;
        let mut tls = TlsConfig::builder()
            .unversioned_rustls_crypto_provider(Arc::new(aws_lc_rs::default_provider()))
            .client_cert(settings.client.as_deref().map(client).transpose()?);
        let authorities = certificates(&settings.authorities)?;
        if is_tls && authorities.is_empty() {
            return Err(refused(
                "name the authorities that may vouch for the server: their certificates as PEM",
            ));
        }
        tls = tls.root_certs(RootCerts::new_with_certs(&authorities));
        let agent = Agent::config_builder()
            .tls_config(tls.build())
            .proxy(None)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .http_status_as_error(false)
            .https_only(is_tls)
            .user_agent(concat!("ijkpunt/", env!("CARGO_PKG_VERSION")))
            .timeout_connect(Some(settings.connect))
            .timeout_per_read(Some(settings.stall))
            .timeout_recv_response(Some(settings.stall))
            .build();
        Ok(Self {
            address: address.to_owned(),
            authorization: settings
                .token
                .as_ref()
                .map(|token| format!("Bearer {token}")),
            agent: AssertUnwindSafe(agent.into()),
        })
    }
}

impl fmt::Debug for HttpTransport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("HttpTransport");
        shown
            .field("address", &self.address)
            .finish_non_exhaustive()
    }
}

impl Transport for HttpTransport {
    fn name(&self) -> &str {
        &self.address
    }

    fn open(
        &self,
        place: &Place,
        most_bytes: u64,
        deadline: Instant,
    ) -> Result<Option<Box<dyn Read + '_>>, TransportError> {
        let left = deadline.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Err(TransportError::Late { read: 0 });
        }
        let request = self.agent.get(format!("{}/{place}", self.address));
        let mut request = request.config().timeout_global(Some(left)).build();
        if let Some(token) = &self.authorization {
            request = request.header(header::AUTHORIZATION, token);
        }
        let response = request.call().map_err(|error| match error {
            ureq::Error::Timeout(_) => TransportError::Late { read: 0 },
            ureq::Error::Io(error) => error.into(),
            other => io::Error::other(other).into(),
        })?;
        match response.status() {
            StatusCode::OK => {}
            StatusCode::NOT_FOUND | StatusCode::GONE => return Ok(None),
            other => return Err(TransportError::Status(other.as_u16())),
        }
        let body = response.into_body();
        if body.content_length().is_some_and(|said| said > most_bytes) {
            return Err(TransportError::TooLong { most: most_bytes });
        }
        Ok(Some(Box::new(Body(body.into_reader()))))
    }
}

/// What comes, with time that ran out told as such.
struct Body<R>(R);

impl<R: Read> Read for Body<R> {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        self.0.read(bytes).map_err(|error| {
            let inner = error.get_ref().and_then(|inner| inner.downcast_ref());
            match inner {
                Some(ureq::Error::Timeout(_)) => io::ErrorKind::TimedOut.into(),
                _ => error,
            }
        })
    }
}

/// Whether the address is one with TLS; of others, only this machine's.
fn checked(address: &str) -> Result<bool, TransportError> {
    let form = || {
        refused("write the mirror's address as https://HOST/PATH, without user, query or fragment")
    };
    let uri: Uri = address.parse().map_err(|_| form())?;
    let authority = uri.authority().ok_or_else(form)?;
    if authority.as_str().contains('@') || uri.query().is_some() || address.contains('#') {
        return Err(form());
    }
    match uri.scheme_str() {
        Some("https") => Ok(true),
        Some("http") if ["127.0.0.1", "[::1]", "localhost"].contains(&authority.host()) => {
            Ok(false)
        }
        Some("http") => Err(refused(
            "without TLS, only this machine is asked: write https",
        )),
        _ => Err(form()),
    }
}

fn certificates(pem: &[u8]) -> Result<Vec<Certificate<'static>>, TransportError> {
    let mut found = Vec::new();
    for item in parse_pem(pem) {
        match item {
            Ok(PemItem::Certificate(one)) => found.push(one),
            Ok(_) => {}
            Err(_) => return Err(refused("the certificates are not read: give them as PEM")),
        }
    }
    Ok(found)
}

fn client(pem: &[u8]) -> Result<ClientCert, TransportError> {
    let chain = certificates(pem)?;
    let key = PrivateKey::from_pem(pem);
    match (key, chain.is_empty()) {
        (Ok(key), false) => Ok(ClientCert::new_with_certs(&chain, key)),
        _ => Err(refused(
            "the client needs a certificate and its key, both as PEM in one",
        )),
    }
}

fn refused(why: &str) -> TransportError {
    TransportError::Settings(why.to_owned())
}
