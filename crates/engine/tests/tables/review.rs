//! Drug utilization review: interactions, allergies, pregnancy, and the pharmacist's answer.

pub(crate) const TABLE: &str = "
# 0.02280 x 60 = 1.37 + 1.50; 0.11777 x 28 = 3.30 + 1.50.
benzo | Ana | 01-05 | Harborview | alprazolam 0.5 | 60 | 30 | 0 | |
  -> paid | 2.87 | 2.87 | | 2.87
opioid | Ana | 01-05 | Harborview | oxycodone-APAP 5 | 28 | 7 | 0 | |
  -> paid | 4.80 | 4.80 | | 4.80
with opioid | Ana | 01-10 | Harborview | oxycodone-APAP 5 | 28 | 7 | 0 | | benzo
  -> reject | 88 | respiratory depression; 441-E6
with benzo | Ana | 01-10 | Harborview | alprazolam 0.5 | 60 | 30 | 0 | | opioid
  -> reject | 88 | respiratory depression
# The supply of 01-05 lasts through 02-03.
last day | Ana | 02-03 | Harborview | oxycodone-APAP 5 | 28 | 7 | 0 | | benzo
  -> reject | 88
used up | Ana | 02-04 | Harborview | oxycodone-APAP 5 | 28 | 7 | 0 | | benzo
  -> paid | 4.80 | 4.80 | | 4.80
# The pharmacist goes on by saying what came of it; about this conflict, with a right result.
reviewed | Ana | 01-10 | Harborview | oxycodone-APAP 5 | 28 | 7 | 0 | reviewed=DD/1G | benzo
  -> paid | 4.80 | 4.80 | | 4.80 | | | reviewed alert DD with result 1G
other alert | Ana | 01-10 | Harborview | oxycodone-APAP 5 | 28 | 7 | 0 | reviewed=DA/1G | benzo
  -> reject | 88
no result | Ana | 01-10 | Harborview | oxycodone-APAP 5 | 28 | 7 | 0 | reviewed=DD/2A | benzo
  -> reject | 88
not hers | Luis | 01-10 | Harborview | oxycodone-APAP 5 | 28 | 7 | 0 | | benzo
  -> paid | 4.80 | 4.80 | | 4.80

# Sam is allergic to penicillin. 0.08321 x 30 = 2.50 + 1.50.
allergy | Sam | 01-05 | Harborview | amoxicillin 500 | 30 | 10 | 0 | |
  -> reject | 88 | allergy to penicillin
in a combination | Sam | 01-05 | Harborview | amoxicillin-clavulanate 875 | 20 | 10 | 0 | |
  -> reject | 88
allergy reviewed | Sam | 01-05 | Harborview | amoxicillin 500 | 30 | 10 | 0 | reviewed=DA/1B |
  -> paid | 4.00 | 4.00 | | 4.00
allergy not so | Sam | 01-05 | Harborview | amoxicillin 500 | 30 | 10 | 0 | reviewed=DA/3K |
  -> reject | 88
no allergy | Ana | 01-05 | Harborview | amoxicillin 500 | 30 | 10 | 0 | |
  -> paid | 4.00 | 4.00 | | 4.00

# Some conflicts are not for the pharmacist to pass. 0.14103 x 25 = 3.53 + 1.50.
nitrate | Luis | 01-05 | Harborview | nitroglycerin 0.4 | 25 | 30 | 0 | |
  -> paid | 5.03 | 5.03 | | 5.03
sildenafil | Luis | 01-10 | Harborview | sildenafil 100 | 6 | 30 | 0 | reviewed=DD/1G | nitrate
  -> reject | 88 | cannot be overridden
pregnant | Ana | 01-10 | Harborview | Claravis 40 | 60 | 30 | 0 | pregnant |
  -> reject | 75 88 | birth defects
";

#[test]
fn conflicts_stop_a_claim_until_they_are_answered() {
    crate::play::check(TABLE);
}
