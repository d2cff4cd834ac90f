//! Shares of every shape: the greater or the lesser of two, by days supply, out of network.

use super::Design;

const PPO: &str = "plans/ppo.toml";

pub(crate) const BOOKS: &[Design] = &[
    // A month of a preferred brand: the greater of 45.00 and 20%. Another generic: the lesser of
    // 20.00 and 5%, at least 2.00.
    (
        "whichever",
        &[
            (
                PPO,
                "[[share]]\ntiers = [3]\ncopay = \"45.00\"",
                "[[share]]\ntiers = [3]\ndays = [1, 34]\ncopay = \"45.00\"\n\
                 coinsurance = \"20%\"\nwhichever = \"greater\"\n\n\
                 [[share]]\ntiers = [3]\ncopay = \"40.00\"",
            ),
            (
                PPO,
                "copay = \"20.00\"",
                "copay = \"20.00\"\ncoinsurance = \"5%\"\nat_least = \"2.00\"\n\
                 whichever = \"lesser\"",
            ),
        ],
    ),
    // Pharmacies without a contract: 30 days at 50%, by the standard terms.
    (
        "out-of-network",
        &[
            (PPO, "prescribers =", "out_of_network = \"retail-standard\"\nprescribers ="),
            (PPO, "[supply]", "[supply]\nout-of-network = [{ days = 30, copays = 1 }]"),
            (
                PPO,
                "[[share]]\ntiers = [0]",
                "[[share]]\nchannels = [\"out-of-network\"]\ncoinsurance = \"50%\"\n\n\
                 [[share]]\ntiers = [0]",
            ),
        ],
    ),
];

pub(crate) const TABLE: &str = "
met | Ana | 01-05 | Harborview | Jardiance 10 | 30 | 30 | 0 | |
  -> paid | 340.75 | 295.00 | 250.00 | 45.00
# 20% of 321.30 = 64.26 is the greater one; 20% of 63.70 = 12.74 is not.
greater part | Ana | 01-06 | Harborview | Januvia 100 | 30 | 30 | 0 | book=whichever | met
  -> paid | 321.30 | 64.26 | | | 64.26
greater copay | Ana | 01-06 | Harborview | Lantus | 10 | 28 | 0 | book=whichever | met
  -> paid | 63.70 | 45.00 | | 45.00
# 90 days are beyond the first row: three copays of 40.00.
ninety days | Ana | 01-06 | Harborview | Januvia 100 | 90 | 90 | 0 | book=whichever | met
  -> paid | 960.90 | 120.00 | | 120.00
# 5% of 179.17 = 8.9585; of 30.00 it is 1.50, so the floor of 2.00; both below 20.00.
lesser part | Ana | 01-06 | Harborview | topiramate ER 50 | 30 | 30 | 0 | book=whichever |
  -> paid | 179.17 | 8.96 | | | 8.96
floor | Ana | 01-06 | Harborview | topiramate ER 50 | 30 | 30 | 0 | usual=30.00 book=whichever |
  -> paid | 30.00 | 2.00 | | | 2.00

# 11.19625 x 1.03 x 30 = 345.96 + 1.00; 50% of the 96.96 beyond the deductible.
no contract | Ana | 01-05 | Faraway | Jardiance 10 | 30 | 30 | 0 | book=out-of-network |
  -> paid | 346.96 | 298.48 | 250.00 | | 48.48 | | no contract
thirty days | Ana | 01-05 | Faraway | Jardiance 10 | 31 | 31 | 0 | book=out-of-network |
  -> reject | 7X | at most 30 days
with contract | Ana | 01-05 | Harborview | Jardiance 10 | 30 | 30 | 0 | book=out-of-network |
  -> paid | 340.75 | 295.00 | 250.00 | 45.00
";

#[test]
fn shares_take_every_shape() {
    crate::play::check(TABLE);
}
