//! Claims that members submit: priced like the pharmacy's, or by terms of their own; the plan's
//! part goes to the member.

pub(crate) const TABLE: &str = include_str!("reimbursement.txt");

#[test]
fn a_member_who_paid_is_paid() {
    crate::play::check(TABLE);
}
