//! A manufacturer's coupon, and what of it counts.

pub(crate) const TABLE: &str = include_str!("coupons.txt");

#[test]
fn a_coupon_counts_as_the_plan_says() {
    crate::play::check(TABLE);
}
