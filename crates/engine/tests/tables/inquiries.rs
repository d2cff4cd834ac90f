//! Eligibility inquiries (E1): is somebody covered on a day?

pub(crate) const TABLE: &str = "
ana | ask Ana 02-01 | -> covered | Cascade PPO 2026
wei | ask Wei 02-01 | -> covered | Cascade High-Deductible 2026
dana | ask Dana 02-01 | -> covered | Cascade Medicaid 2026
no group | ask Ana 02-01 group=- | -> covered | Cascade PPO 2026
by birth | ask Ana 02-01 person=- | -> covered
by card alone | ask Sam 02-01 person=- birth=- sex=- | -> covered
last day | ask Raj 06-30 | -> covered
ended | ask Raj 07-01 | -> reject | 69 | 2026-06-30
not yet | ask Ana 2025-12-31 | -> reject | 67 | 2026-01-01
plan over | ask Ana 2027-01-01 | -> reject | 68
between | ask Gus 05-01 | -> reject | 65
other group | ask Ana 02-01 group=CSCMCD | -> reject | 65
no such group | ask Ana 02-01 group=CSCNONE | -> reject | 51
no such card | ask Ana 02-01 card=CSC777777 | -> reject | 52
no such person | ask Ana 02-01 person=09 | -> reject | 53
other birth | ask Ana 02-01 birth=1990-01-01 | -> reject | 09
other sex | ask Ana 02-01 sex=M | -> reject | 10
twins | ask Tim 02-01 person=- | -> reject | 53
";

#[test]
fn coverage_is_told_to_who_asks() {
    crate::play::check(TABLE);
}
