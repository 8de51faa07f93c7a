//! Screening from async code: uploads arrive on tokio's threads, a bounded pool of others screens them.
//!
//! Screening is work for a core, tens of milliseconds for a photo, so it must not run on the threads that serve
//! connections. `spawn_blocking` alone would start up to 512 threads, each with a decoded picture in memory; a semaphore
//! bounds them. Memory is then bounded too: workers times (`Limits::bytes` + `Limits::memory_bytes`), 768 MiB for two
//! workers at the defaults, and far less for ordinary photos.
//!
//! Run it on files: `cargo run --release --example async_upload -- LIST FILE...`

use std::error::Error;
use std::num::NonZero;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::available_parallelism;
use std::time::{Duration, Instant};

use ijkpunt::screen::{Call, OwnList, Screener, Screening, Surface};
use tokio::sync::Semaphore;

/// What an upload handler awaits.
#[derive(Clone)]
struct Pool {
    screener: Arc<Screener>,
    workers: Arc<Semaphore>,
}

impl Pool {
    fn new(screener: Screener, workers: usize) -> Self {
        Self {
            screener: Arc::new(screener),
            workers: Arc::new(Semaphore::new(workers)),
        }
    }

    /// Screens one upload within `patience`, waiting for a worker included. A caller that goes away, because its
    /// connection was closed, cancels the work: the flag is set when this future is dropped.
    async fn screen(
        &self,
        bytes: Vec<u8>,
        patience: Duration,
    ) -> Result<Screening, Box<dyn Error + Send + Sync>> {
        let deadline = Instant::now() + patience;
        let gone = Gone(Arc::new(AtomicBool::new(false)));
        let worker = tokio::time::timeout(patience, self.workers.clone().acquire_owned()).await??;
        let (screener, flag) = (self.screener.clone(), gone.0.clone());
        let work = move || {
            let _worker = worker; // given back when the work is done, not when the caller stops waiting
            let call = Call::new().deadline(deadline).cancelled_by(&flag);
            screener.screen_call(&bytes, call)
        };
        Ok(tokio::task::spawn_blocking(work).await?)
    }
}

/// Sets its flag when it is dropped.
struct Gone(Arc<AtomicBool>);

impl Drop for Gone {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

#[tokio::main]
#[expect(clippy::print_stdout, reason = "an example shows what it does")]
async fn main() -> Result<(), Box<dyn Error + Send + Sync>> {
    let mut arguments = std::env::args_os().skip(1).map(PathBuf::from);
    let list = arguments.next().ok_or("usage: async_upload LIST FILE...")?;
    let own = OwnList::open(list)?; // keep it: `own.reload()` swaps a new version in, under load
    let screener = Screener::builder()
        .list("own", own)
        .surface(Surface::Public)
        .build()?;
    let cores = available_parallelism().map_or(1, NonZero::get);
    let pool = Pool::new(screener, cores);

    let uploads: Vec<_> = arguments
        .map(|path| {
            let pool = pool.clone();
            tokio::spawn(async move {
                let bytes = tokio::fs::read(&path).await?;
                let screening = pool.screen(bytes, Duration::from_secs(10)).await?;
                Ok::<_, Box<dyn Error + Send + Sync>>((path, screening))
            })
        })
        .collect();
    for upload in uploads {
        let (path, screening) = upload.await??;
        match screening {
            Screening::Match(m) => {
                println!("{}: for review, {}", path.display(), m.evidence()[0].entry);
            }
            Screening::NoMatch(_) => println!("{}: no match", path.display()),
            Screening::Undecided(u) => println!("{}: undecided, {}", path.display(), u.reason()),
        }
    }
    println!("{:?}", pool.screener.counts());
    Ok(())
}
