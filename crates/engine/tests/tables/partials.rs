//! Fills in two parts (343-HD): who bears the fee and the copay, that the two are one fill, and
//! what cannot be a part.

use super::Design;

const PPO: &str = "plans/ppo.toml";

pub(crate) const BOOKS: &[Design] = &[
    (
        "parts-first",
        &[(
            PPO,
            "[refill]",
            "[partial_fills]\ndispensing_fee = \"first\"\ncopay = \"first\"\n\n\
             [[benefit_maximum]]\nname = \"topiramate\"\nwhere = { ingredient = \"topiramate\" }\n\
             fills = 2\nper = \"plan-year\"\nbeyond = \"reject\"\n\n[refill]",
        )],
    ),
    (
        "parts-shared",
        &[(
            PPO,
            "[refill]",
            "[partial_fills]\ndispensing_fee = \"last\"\ncopay = \"shared\"\n\n\
             [[mandatory_channel]]\nwhere = { class = \"ace inhibitor\" }\nfill_at = \"mail\"\n\
             after = 2\nwithin = 180\n\n[refill]",
        )],
    ),
];

pub(crate) const TABLE: &str = "
# The partial fill bears fee and copay: 5.92218 x 10 = 59.22 + 1.50; the completion is 118.44.
part | Ana | 01-05 | Harborview | topiramate ER 50 | 10 | 10 | 0 | partial=30/30 book=parts-first |
  -> paid | 60.72 | 20.00 | | 20.00 | | | a partial fill: 10 of 30 units
rest | Ana | 01-08 | Harborview | topiramate ER 50 | 20 | 20 | 0
  | completes=part book=parts-first | part
  -> paid | 118.44 | 0.00 | | | | | 20 units complete a partial fill of 10; 30 were intended; \
what this part bears of $20.00
# A copay above the price of the part is not made up for: 0.01873 x 10 = 0.19 + 1.50, then 0.37.
cheap | Ana | 01-05 | Harborview | lisinopril 10 | 10 | 10 | 0 | partial=30/30 book=parts-first |
  -> paid | 1.69 | 1.69 | | 1.69
cheap rest | Ana | 01-08 | Harborview | lisinopril 10 | 20 | 20 | 0
  | completes=cheap book=parts-first | cheap
  -> paid | 0.37 | 0.00 | | | | | plan pays 0.37
# The days of the whole count as three copays: 0.26977 x 120 = 32.37 + 1.50.
ninety | Ana | 01-05 | Harborview | mycophenolate 500 | 120 | 30 | 0
  | partial=360/90 book=parts-first |
  -> paid | 33.87 | 30.00 | | 30.00
ninety rest | Ana | 01-12 | Harborview | mycophenolate 500 | 240 | 60 | 0
  | completes=ninety book=parts-first | ninety
  -> paid | 64.74 | 0.00
# A deductible has no parts. 12.07753 x 1.01 x 10 = 121.98 + 1.50; of the next 243.97 it takes the
# 126.52 that are left. Metformin was filled 180 days before the partial fill; 184 days after
# that the completion is not asked again.
metformin | Ana | 01-02 | Harborview | metformin 500 | 60 | 30 | 0 | book=parts-first |
  -> paid | 2.34 | 2.34 | | 2.34
step | Ana | 07-01 | Harborview | Farxiga 10 | 10 | 10 | 0
  | partial=30/30 book=parts-first | metformin
  -> paid | 123.48 | 123.48 | 123.48 | | | | step therapy is met
step rest | Ana | 07-05 | Harborview | Farxiga 10 | 20 | 20 | 0
  | completes=step book=parts-first | step
  -> paid | 243.97 | 126.52 | 126.52 | | | | deductible left 0.00

# Shared: of 20.00 a third is 6.67, and the rest is 13.33. The completion bears the fee.
shared | Ana | 01-05 | Harborview | topiramate ER 50 | 10 | 10 | 0
  | partial=30/30 book=parts-shared |
  -> paid | 59.22 | 6.67 | | 6.67 | | | what this part bears of $1.50; \
what this part bears of $20.00
shared rest | Ana | 01-08 | Harborview | topiramate ER 50 | 20 | 20 | 0
  | completes=shared book=parts-shared | shared
  -> paid | 119.94 | 13.33 | | 13.33
# Five of the thirty are never dispensed: 5.92218 x 15 = 88.83 + 1.50; 20.00 x 25/30 = 16.67.
most of it | Ana | 01-08 | Harborview | topiramate ER 50 | 15 | 15 | 0
  | completes=shared book=parts-shared | shared
  -> paid | 90.33 | 10.00 | | 10.00
# So are the bounds of a coinsurance. 59.71253 x 1.01 x 10 = 603.10; 25% of 353.10 = 88.28, between
# 33.33 and 116.67. Then 1206.19 + 1.50; 25% = 301.92, and at most 350.00 - 116.67.
bounds | Luis | 01-05 | Harborview | Truvada | 10 | 10 | 0 | partial=30/30 book=parts-shared |
  -> paid | 603.10 | 338.28 | 250.00 | | 88.28
bounds rest | Luis | 01-08 | Harborview | Truvada | 20 | 20 | 0
  | completes=bounds book=parts-shared | bounds
  -> paid | 1207.69 | 233.33 | | | 233.33

# The two are one fill. Of 30 days from 01-05 on 75% are used on 01-28; of 10 days alone on 01-13.
next early | Ana | 01-27 | Harborview | topiramate ER 50 | 30 | 30 | 0 | book=parts-first | rest
  -> reject | 79 | of the 30 days filled on 2026-01-05; next fill 01-28
next | Ana | 01-28 | Harborview | topiramate ER 50 | 30 | 30 | 0 | book=parts-first | rest
  -> paid | 179.17 | 20.00 | | 20.00 | | | had 1 fill left
waiting | Ana | 01-12 | Harborview | topiramate ER 50 | 30 | 30 | 0 | book=parts-first | part
  -> reject | 79 | next fill 01-13
# Two fills a year, and this is the third.
third | Ana | 02-28 | Harborview | topiramate ER 50 | 30 | 30 | 0 | book=parts-first | next
  -> reject | 76
# A fill that began is completed, although the maximum is reached.
anew | Ana | 01-28 | Harborview | topiramate ER 50 | 10 | 10 | 0
  | partial=30/30 book=parts-first | rest
  -> paid | 60.72 | 20.00 | | 20.00 | | | had 1 fill left
anew rest | Ana | 01-30 | Harborview | topiramate ER 50 | 20 | 20 | 0
  | completes=anew book=parts-first | anew
  -> paid | 118.44 | 0.00 | | | | | had 1 fill left
# Mail is mandatory after two fills.
one | Ana | 01-05 | Harborview | lisinopril 10 | 10 | 10 | 0 | partial=30/30 book=parts-shared |
  -> paid | 0.19 | 0.19 | | 0.19 | | | fill 1 of the 2
one rest | Ana | 01-08 | Harborview | lisinopril 10 | 20 | 20 | 0
  | completes=one book=parts-shared | one
  -> paid | 1.87 | 1.87 | | 1.87
two | Ana | 02-05 | Harborview | lisinopril 10 | 30 | 30 | 0 | book=parts-shared | one rest
  -> paid | 2.06 | 2.06 | | 2.06 | | | fill 2 of the 2
# Thirty tablets of zolpidem in 30 days, each 0.03854: the whole is limited, and asked once.
too much | Ana | 01-05 | Harborview | zolpidem 10 | 15 | 15 | 0 | partial=31/30 book=parts-first |
  -> reject | 9G
within | Ana | 01-05 | Harborview | zolpidem 10 | 15 | 15 | 0 | partial=30/30 book=parts-first |
  -> paid | 2.08 | 2.08 | | 2.08
within rest | Ana | 01-10 | Harborview | zolpidem 10 | 15 | 15 | 0
  | completes=within book=parts-first | within
  -> paid | 0.58 | 0.00
too long | Ana | 01-05 | Harborview | lisinopril 10 | 10 | 10 | 0
  | partial=100/100 book=parts-first |
  -> reject | 7X

# What cannot be a part.
not taken | Ana | 01-05 | Harborview | lisinopril 10 | 10 | 10 | 0 | partial=30/30 |
  -> reject | RK
again | Ana | 01-06 | Harborview | topiramate ER 50 | 10 | 10 | 0
  | partial=30/30 rx=part book=parts-first | part -> reject | RB | in part on 2026-01-05
all of it | Ana | 01-05 | Harborview | lisinopril 10 | 30 | 30 | 0
  | partial=30/30 book=parts-first |
  -> reject | E7 | less than the 30 intended
more days | Ana | 01-05 | Harborview | lisinopril 10 | 10 | 31 | 0
  | partial=30/30 book=parts-first |
  -> reject | 19 | at most the 30 days
no part | Ana | 01-08 | Harborview | topiramate ER 50 | 20 | 20 | 0
  | completes=part book=parts-first | -> reject | RJ | is paid here
elsewhere | Ana | 01-08 | Pine Street | topiramate ER 50 | 20 | 20 | 0
  | completes=part book=parts-first | part -> reject | RJ
twice | Ana | 01-10 | Harborview | topiramate ER 50 | 20 | 20 | 0
  | completes=part book=parts-first | rest -> reject | RJ | completed on 2026-01-08 already
sent again | Ana | 01-08 | Harborview | topiramate ER 50 | 20 | 20 | 0
  | completes=part rx=rest book=parts-first | rest -> duplicate | 118.44 | 0.00
his | Luis | 01-08 | Harborview | topiramate ER 50 | 20 | 20 | 0
  | completes=part book=parts-first | part -> reject | RD
other drug | Ana | 01-08 | Harborview | lisinopril 10 | 20 | 20 | 0
  | completes=part book=parts-first | part -> reject | RC
same day | Ana | 01-05 | Harborview | topiramate ER 50 | 20 | 20 | 0
  | completes=part book=parts-first | part -> reject | RM
# The second half has the key and content of the first, and is not taken for it.
half | Ana | 01-05 | Harborview | lisinopril 10 | 15 | 15 | 0 | partial=30/30 book=parts-first |
  -> paid | 1.78 | 1.78 | | 1.78
other half | Ana | 01-05 | Harborview | lisinopril 10 | 15 | 15 | 0
  | completes=half rx=half book=parts-first | half -> reject | RM
before | Ana | 01-04 | Harborview | topiramate ER 50 | 20 | 20 | 0
  | completes=part book=parts-first | part -> reject | RF | is of 2026-01-05
other whole | Ana | 01-08 | Harborview | topiramate ER 50 | 20 | 20 | 0
  | completes=part partial=40/30 book=parts-first | part -> reject | HF | 30 intended
other days | Ana | 01-08 | Harborview | topiramate ER 50 | 20 | 20 | 0
  | completes=part partial=30/40 book=parts-first | part -> reject | HG | 30 days
above | Ana | 01-08 | Harborview | topiramate ER 50 | 21 | 20 | 0
  | completes=part book=parts-first | part -> reject | E7 | 20 units are left
days above | Ana | 01-08 | Harborview | topiramate ER 50 | 20 | 21 | 0
  | completes=part book=parts-first | part -> reject | 19 | 20 days are left
# In the order in which they were dispensed, backwards.
back early | reverse part | rest -> reject | RP | reverse the completion of 2026-01-08 first
rebilled early | Ana | 01-05 | Harborview | topiramate ER 50 | 30 | 30 | 0
  | rebill rx=part book=parts-first | rest -> reject | RP
back | reverse rest | rest -> reversed
rest again | Ana | 01-09 | Harborview | topiramate ER 50 | 20 | 20 | 0
  | completes=part book=parts-first | back -> paid | 118.44 | 0.00
back of part | reverse part | back -> reversed
rebilled | Ana | 01-05 | Harborview | topiramate ER 50 | 30 | 30 | 0
  | rebill rx=part book=parts-first | part
  -> paid | 179.17 | 20.00 | | 20.00 | | | was reversed first
rebilled rest | Ana | 01-08 | Harborview | topiramate ER 50 | 15 | 15 | 0
  | rebill completes=part rx=rest book=parts-first | rest
  -> paid | 88.83 | 0.00
";

#[test]
fn two_parts_are_one_fill() {
    crate::play::check(TABLE);
}
