//! Segment 26: the authorization that was given.

segment! {
    /// The authorization that was given, and what is left of it.
    b"26" PriorAuthorization<'a> {
        /// The day on which the request was decided.
        "498-PR" processed_date: date(),
        /// First day on which the authorization holds.
        "498-PS" effective_date: date(),
        /// Last day on which the authorization holds.
        "498-PT" expiration_date: date(),
        /// The quantity authorized, in thousandths of the billing unit.
        "498-RA" quantity: quantity(7),
        /// The amount authorized, in cents.
        "498-RB" amount_authorized_cents: money(6),
        /// How many refills are authorized.
        "498-PW" refills_authorized: number(2),
        /// The quantity used up so far, in thousandths of the billing unit.
        "498-PX" quantity_accumulated: quantity(7),
        /// The authorization's number, for use in claims.
        "498-PY" number_assigned: digits(11),
    }
}
