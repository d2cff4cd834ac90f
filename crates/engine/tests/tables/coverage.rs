//! Who is covered, by which group, on which day; and whether the claim is in time.

pub(crate) const TABLE: &str = "
# 0.01873 x 30 = 0.56 + 1.50 throughout.
first day | Ana | 01-01 | Harborview | lisinopril 10 | 30 | 30 | 0 | |
  -> paid | 2.06 | 2.06 | | 2.06
last day | Raj | 06-30 | Harborview | lisinopril 10 | 30 | 30 | 0 | | -> paid | 2.06 | 2.06 | | 2.06
day after | Raj | 07-01 | Harborview | lisinopril 10 | 30 | 30 | 0 | |
  -> reject | 69 | coverage ended on 2026-06-30
day before | Ana | 2025-12-31 | Harborview | lisinopril 10 | 30 | 30 | 0 | |
  -> reject | 67 | begins on 2026-01-01
# The plan's year is over and no other has begun.
next year | Ana | 2027-01-01 | Harborview | lisinopril 10 | 30 | 30 | 0 | | -> reject | 68
# The group's contract ends with June.
group's last | Wei | 06-30 | Harborview | lisinopril 10 | 30 | 30 | 0 | book=ended |
  -> paid | 2.06 | 2.06 | 2.06
group ended | Wei | 07-01 | Harborview | lisinopril 10 | 30 | 30 | 0 | book=ended |
  -> reject | 68 | expired on 2026-06-30
# Covered until March and again from June.
until march | Gus | 03-31 | Harborview | lisinopril 10 | 30 | 30 | 0 | |
  -> paid | 2.06 | 2.06 | | 2.06
between | Gus | 04-15 | Harborview | lisinopril 10 | 30 | 30 | 0 | |
  -> reject | 65 | begins again on 2026-06-01
from june | Gus | 06-01 | Harborview | lisinopril 10 | 30 | 30 | 0 | |
  -> paid | 2.06 | 2.06 | | 2.06

# The card and what stands on it.
no such group | Ana | 01-10 | Harborview | lisinopril 10 | 30 | 30 | 0 | group=CSCNONE |
  -> reject | 51 | CSCNONE
other group | Ana | 01-10 | Harborview | lisinopril 10 | 30 | 30 | 0 | group=CSCMCD |
  -> reject | 65 | no coverage in this group
no group | Ana | 01-10 | Harborview | lisinopril 10 | 30 | 30 | 0 | group=- |
  -> paid | 2.06 | 2.06 | | 2.06
no such card | Ana | 01-10 | Harborview | lisinopril 10 | 30 | 30 | 0 | card=CSC777777 |
  -> reject | 52 | check the card
no such person | Ana | 01-10 | Harborview | lisinopril 10 | 30 | 30 | 0 | person=09 |
  -> reject | 53 | person code
# A person code with the birth date or sex of somebody else.
birth | Ana | 01-10 | Harborview | lisinopril 10 | 30 | 30 | 0 | birth=1984-03-13 |
  -> reject | 09 | birth date
sex | Ana | 01-10 | Harborview | lisinopril 10 | 30 | 30 | 0 | sex=M | -> reject | 10 | gender
both | Ana | 01-10 | Harborview | lisinopril 10 | 30 | 30 | 0 | birth=1982-11-05 sex=M |
  -> reject | 09 10
sex unknown | Ana | 01-10 | Harborview | lisinopril 10 | 30 | 30 | 0 | sex=- |
  -> paid | 2.06 | 2.06 | | 2.06
# Without a person code the birth date and sex tell who it is, if they fit one alone.
by birth | Ana | 01-10 | Harborview | lisinopril 10 | 30 | 30 | 0 | person=- |
  -> paid | 2.06 | 2.06 | | 2.06 | | | person 01 is covered
no birth | Ana | 01-10 | Harborview | lisinopril 10 | 30 | 30 | 0 | person=- birth=1984-03-13 |
  -> reject | 09
twins | Tim | 01-10 | Harborview | lisinopril 10 | 30 | 30 | 0 | person=- |
  -> reject | 53 | several persons
their father | Jan | 01-10 | Harborview | lisinopril 10 | 30 | 30 | 0 | person=- |
  -> paid | 2.06 | 2.06 | | 2.06

# Accepted for 365 days after the date of service: 2026-01-10 + 365 = 2027-01-10.
in time | Ana | 01-10 | Harborview | lisinopril 10 | 30 | 30 | 0 | received=2027-01-10 |
  -> paid | 2.06 | 2.06 | | 2.06
too late | Ana | 01-10 | Harborview | lisinopril 10 | 30 | 30 | 0 | received=2027-01-11 |
  -> reject | 81 | 365 days
tomorrow's | Ana | 01-10 | Harborview | lisinopril 10 | 30 | 30 | 0 | received=01-09 |
  -> reject | 82 | 2026-01-09
";

#[test]
fn coverage_is_a_matter_of_card_and_day() {
    crate::play::check(TABLE);
}
