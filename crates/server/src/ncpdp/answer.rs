//! An answer in the queue of its connection.

use std::io;

use openpbm_service::Pending;
use openpbm_wire::ncpdp::framing::Framing;

/// What the writer writes next, in the framing of its request.
pub(super) struct Answer {
    pub(super) framing: Framing,
    pub(super) pending: Pending,
}

impl Answer {
    /// Waits for the answer and frames it.
    ///
    /// # Errors
    ///
    /// If it does not fit a frame, which would be a defect of ours: every answer is shorter than
    /// the longest transmission. The connection ends, because the order of answers must hold.
    pub(super) async fn framed(self) -> io::Result<Vec<u8>> {
        let response = self.pending.response().await;
        let mut out = Vec::with_capacity(response.len() + 2);
        self.framing.wrap(&response, &mut out).map_err(io::Error::other)?;
        Ok(out)
    }
}
