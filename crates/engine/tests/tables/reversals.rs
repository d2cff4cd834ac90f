//! Taking a claim back (B2), and billing it anew in one (B3).

pub(crate) const TABLE: &str = "
ana | Ana | 01-05 | Harborview | Jardiance 10 | 30 | 30 | 0 | |
  -> paid | 340.75 | 295.00 | 250.00 | 45.00
back | reverse ana | ana -> reversed
twice | reverse ana | back -> reject | 87 | reversed already
unknown | reverse ana | -> reject | 84 | no paid claim
other day | reverse ana with on=01-06 | ana -> reject | 84
other pharmacy | reverse ana with at=Faraway | ana -> reject | 84
refused | Ana | 01-05 | Harborview | cetirizine OTC | 30 | 30 | 0 | | -> reject | MR
of refused | reverse refused | refused -> reject | 84

# The deductible is as if it had never been: 321.30 = 250.00 + 45.00 of 71.30.
after | Ana | 01-06 | Harborview | Januvia 100 | 30 | 30 | 0 | | back
  -> paid | 321.30 | 295.00 | 250.00 | 45.00 | | | deductible so far 250.00
# With others between: Luis met his own, so the family's was met and Mia paid a copay.
luis | Luis | 01-06 | Harborview | Jardiance 10 | 30 | 30 | 0 | | ana
  -> paid | 340.75 | 295.00 | 250.00 | 45.00
mia | Mia | 01-07 | Harborview | Januvia 100 | 30 | 30 | 0 | | luis
  -> paid | 321.30 | 45.00 | | 45.00 | | | out of pocket so far 45.00
back late | reverse ana | mia -> reversed
# Ana's 250.00 are open again, in the family's deductible, too: Mia is asked for them.
mia again | Mia | 02-07 | Harborview | Lantus | 20 | 28 | 0 | | back late
  -> paid | 125.90 | 125.90 | 125.90 | | | | deductible left 124.10
# Billed anew after its reversal, and taken back again.
anew | Ana | 01-05 | Harborview | Jardiance 10 | 30 | 30 | 0 | rx=ana | back
  -> paid | 340.75 | 295.00 | 250.00 | 45.00
back again | reverse ana | anew -> reversed
back thrice | reverse ana | back again -> reject | 87

# Rebilled for 60 days: the deductible again, two copays. 678.49 + 1.50.
rebill | Ana | 01-05 | Harborview | Jardiance 10 | 60 | 60 | 0 | rebill rx=ana | ana
  -> paid | 679.99 | 340.00 | 250.00 | 90.00 | | | out of pocket so far 340.00; was reversed first
after rebill | Ana | 01-06 | Harborview | Januvia 100 | 30 | 30 | 0 | | rebill
  -> paid | 321.30 | 45.00 | | 45.00 | | | out of pocket so far 385.00
back of rebill | reverse rebill | rebill -> reversed
# A rebill that is refused changes nothing.
rebill no | Ana | 01-05 | Harborview | Jardiance 10 | 60 | 60 | 0 | rebill rx=ana by=nobody | ana
  -> reject | 56 | the earlier claim stays paid
after no | Ana | 01-06 | Harborview | Januvia 100 | 30 | 30 | 0 | | rebill no
  -> paid | 321.30 | 45.00 | | 45.00 | | | out of pocket so far 340.00
back after no | reverse ana | rebill no -> reversed
# And so does a rebill of nothing.
rebill unknown | Ana | 01-05 | Harborview | Jardiance 10 | 60 | 60 | 0 | rebill rx=ana |
  -> reject | 84
rebill reversed | Ana | 01-05 | Harborview | Jardiance 10 | 60 | 60 | 0 | rebill rx=ana | back
  -> reject | 87
";

#[test]
fn what_is_taken_back_never_was() {
    crate::play::check(TABLE);
}
