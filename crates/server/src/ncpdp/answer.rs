//! An answer in the queue of its connection.

use std::io;
use std::time::Duration;

use openpbm_service::Pending;
use openpbm_wire::ncpdp::framing::Framing;
use tokio::time::Instant;

use super::patience::Patience;

/// What the writer writes next, in the framing of its request.
pub(super) struct Answer {
    pub(super) framing: Framing,
    pub(super) pending: Pending,
    /// When its question came in.
    pub(super) since: Instant,
}

impl Answer {
    /// Frames the answer if it is there; gives itself back if it is not.
    ///
    /// # Errors
    ///
    /// If it does not fit a frame, which would be a defect of ours: every answer is shorter than
    /// the longest transmission. The connection ends, because the order of answers must hold.
    pub(super) fn at_once(self, out: &mut Vec<u8>) -> io::Result<Result<(), Self>> {
        let Self { framing, pending, since } = self;
        match pending.try_response() {
            Ok(response) => wrap(framing, &response, out).map(Ok),
            Err(pending) => Ok(Err(Self { framing, pending, since })),
        }
    }

    /// Waits for the answer, so long and no longer, and frames it.
    ///
    /// # Errors
    ///
    /// As above.
    pub(super) async fn framed(
        self,
        patience: &mut Patience,
        within: Duration,
        out: &mut Vec<u8>,
    ) -> io::Result<()> {
        let Self { framing, mut pending, since } = self;
        let response = tokio::select! {
            biased;
            response = &mut pending => response,
            () = patience.until(since, within) => pending.give_up(),
        };
        wrap(framing, &response, out)
    }
}

fn wrap(framing: Framing, response: &[u8], out: &mut Vec<u8>) -> io::Result<()> {
    framing.wrap(response, out).map_err(io::Error::other)
}
