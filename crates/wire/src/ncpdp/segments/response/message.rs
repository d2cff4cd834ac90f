//! Segment 20: a message about the transmission as a whole.

segment! {
    /// A message about the transmission as a whole.
    b"20" Message<'a> {
        /// The message, in free text.
        "504-F4" message: text(200),
    }
}
