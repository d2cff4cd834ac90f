//! The same claim again, and another claim for the same thing.

pub(crate) const TABLE: &str = "
once | Ana | 01-05 | Harborview | Jardiance 10 | 30 | 30 | 0 | |
  -> paid | 340.75 | 295.00 | 250.00 | 45.00
# Sent again it gets its first answer, though the deductible is met since.
again | Ana | 01-05 | Harborview | Jardiance 10 | 30 | 30 | 0 | rx=once | once
  -> duplicate | 340.75 | 295.00 | 250.00 | 45.00 | | | deductible so far 250.00
# The day after, when something else was paid: 319.80 + 1.50.
other | Ana | 01-06 | Harborview | Januvia 100 | 30 | 30 | 0 | | once
  -> paid | 321.30 | 45.00 | | 45.00
again later | Ana | 01-05 | Harborview | Jardiance 10 | 30 | 30 | 0 | rx=once received=01-07 | other
  -> duplicate | 340.75 | 295.00 | 250.00 | 45.00 | | | out of pocket so far 295.00
# The same key with another content is no repetition.
other quantity | Ana | 01-05 | Harborview | Jardiance 10 | 60 | 60 | 0 | rx=once | once
  -> reject | 83 | reverse that claim first
other drug | Ana | 01-05 | Harborview | lisinopril 10 | 30 | 30 | 0 | rx=once | once
  -> reject | 83
other patient | Luis | 01-05 | Harborview | Jardiance 10 | 30 | 30 | 0 | rx=once | once
  -> reject | 83
# The same drug on the same day, under another number or elsewhere.
other number | Ana | 01-05 | Harborview | Jardiance 10 | 30 | 30 | 0 | | once
  -> reject | 83 | another prescription or fill number
other fill | Ana | 01-05 | Harborview | Jardiance 10 | 30 | 30 | 0 | rx=once fill=1 | once
  -> reject | 83
elsewhere | Ana | 01-05 | Pine Street | Jardiance 10 | 30 | 30 | 0 | | once
  -> reject | 83 | another pharmacy
# Another person's is another drug: the husband has a deductible of his own.
husband | Luis | 01-05 | Harborview | Jardiance 10 | 30 | 30 | 0 | | once
  -> paid | 340.75 | 295.00 | 250.00 | 45.00
# Taken back it can be billed again.
back | reverse once | once -> reversed
anew | Ana | 01-05 | Harborview | Jardiance 10 | 30 | 30 | 0 | rx=once | back
  -> paid | 340.75 | 295.00 | 250.00 | 45.00
# A claim that was refused can be sent again, mended or not.
refused | Ana | 01-05 | Harborview | cetirizine OTC | 30 | 30 | 0 | | -> reject | MR
refused again | Ana | 01-05 | Harborview | cetirizine OTC | 30 | 30 | 0 | rx=refused | refused
  -> reject | MR
";

#[test]
fn nothing_is_paid_twice() {
    crate::play::check(TABLE);
}
