//! Segment 16: a note to the payer.

segment! {
    /// A note to the payer.
    b"16" Narrative<'a> {
        /// The note, in free text.
        "390-BM" message: text(200),
    }
}
