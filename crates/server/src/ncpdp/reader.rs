//! The reading side of a connection: bytes to transmissions, within limits of time.

use openpbm_service::Pbm;
use openpbm_wire::ncpdp::framing::{Deframer, Framing, FramingError};
use tokio::io::AsyncReadExt;
use tokio::net::tcp::OwnedReadHalf;
use tokio::sync::{mpsc, watch};
use tokio::time::Instant;

use super::answer::Answer;
use super::patience::Patience;
use crate::config::Limits;

/// How the reading ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    /// Between two transmissions, or because the client was gone.
    Clean,
    /// In the middle of something: bytes may be left that nobody will read.
    Lost,
}

/// What reads a connection.
pub(super) struct Reader {
    pbm: Pbm,
    limits: Limits,
    queue: mpsc::Sender<Answer>,
    stopping: watch::Receiver<bool>,
    patience: Patience,
    deframer: Deframer,
    /// When the transmission at the front began, or the silence since the last one.
    since: Instant,
}

/// What a wait for bytes brought.
enum Event {
    Read(std::io::Result<usize>),
    TooLate,
    Stop,
    Gone,
}

impl Reader {
    pub(super) fn new(
        pbm: Pbm,
        limits: Limits,
        queue: mpsc::Sender<Answer>,
        stopping: watch::Receiver<bool>,
    ) -> Self {
        let (deframer, since, patience) = (Deframer::detecting(), Instant::now(), Patience::new());
        Self { pbm, limits, queue, stopping, patience, deframer, since }
    }

    /// Takes transmissions in until the stream ends, cannot be followed, or keeps too long.
    pub(super) async fn run(mut self, source: &mut OwnedReadHalf) -> End {
        /// A dozen claims; more would only wait here instead of in the socket.
        const AT_ONCE: usize = 8 * 1024;
        let mut bytes = vec![0; AT_ONCE];
        loop {
            let count = match self.wait(source, &mut bytes).await {
                Event::Read(Ok(count)) => count,
                Event::TooLate => return self.too_late().await,
                Event::Read(Err(_)) | Event::Stop | Event::Gone => return End::Clean,
            };
            if count == 0 {
                return self.ended().await;
            }
            if self.deframer.is_empty() {
                self.since = Instant::now();
            }
            self.deframer.push(bytes.get(..count).unwrap_or_default());
            match self.take_in().await {
                Ok(true) => {}
                Ok(false) => return End::Clean,
                Err(error) => {
                    tracing::warn!(%error, "a stream cannot be followed");
                    self.refuse(&error.to_string()).await;
                    return End::Lost;
                }
            }
        }
    }

    /// Waits for bytes. What has arrived is read before a stop is heard of, and a transmission
    /// that has begun may still end.
    async fn wait(&mut self, source: &mut OwnedReadHalf, bytes: &mut [u8]) -> Event {
        let between = self.deframer.is_empty();
        let Limits { idle_after, frame_within, .. } = self.limits;
        let limit = if between { idle_after } else { frame_within };
        tokio::select! {
            biased;
            read = source.read(bytes) => Event::Read(read),
            () = self.queue.closed() => Event::Gone,
            _ = self.stopping.wait_for(|&stop| stop), if between => Event::Stop,
            () = self.patience.until(self.since, limit) => Event::TooLate,
        }
    }

    /// Submits every whole transmission; false if the writer is gone.
    async fn take_in(&mut self) -> Result<bool, FramingError> {
        while let Some(frame) = self.deframer.next_frame()? {
            let framing = frame.framing;
            let transmission = frame.transmission.to_vec();
            // Nothing is decided that there is no room to answer.
            let Ok(room) = self.queue.reserve().await else { return Ok(false) };
            let (pending, since) = (self.pbm.submit(transmission), Instant::now());
            room.send(Answer { framing, pending, since });
            self.since = since;
        }
        Ok(true)
    }

    /// A transmission that does not come to its end in time is refused; mere silence is not.
    async fn too_late(&mut self) -> End {
        if self.deframer.is_empty() {
            return End::Clean;
        }
        let seconds = self.limits.frame_within.as_secs();
        tracing::warn!(seconds, "a transmission did not arrive whole in time");
        let why = format!("the transmission did not arrive whole within {seconds} seconds");
        self.refuse(&why).await;
        End::Lost
    }

    /// The client will send no more.
    async fn ended(&mut self) -> End {
        if !self.deframer.is_empty() {
            let count = self.deframer.pending().len();
            tracing::warn!(count, "a stream ended within a transmission");
            self.refuse(&format!("the stream ended within the transmission, after {count} bytes"))
                .await;
        }
        End::Clean
    }

    /// Queues a transmission reject for what has arrived.
    async fn refuse(&mut self, why: &str) {
        // STX is the first byte of those that are too short to tell.
        let framing = self.deframer.framing().unwrap_or(Framing::StxEtx);
        let pending = self.pbm.refuse(self.deframer.pending().to_vec(), why);
        // A writer that is gone has nobody to write to.
        let _ = self.queue.send(Answer { framing, pending, since: Instant::now() }).await;
    }
}
