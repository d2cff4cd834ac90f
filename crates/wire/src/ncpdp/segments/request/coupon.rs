//! Segment 09: a manufacturer's coupon.

segment! {
    /// A coupon that pays part of the patient's share.
    b"09" Coupon<'a> {
        /// What the coupon gives: a price, a discount, a free product.
        "485-KE" coupon_type: text(2),
        /// The coupon's number.
        "486-ME" coupon_number: text(15),
        /// What the coupon is worth, in cents.
        "487-NE" value_cents: money(6),
    }
}
