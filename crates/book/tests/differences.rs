//! What changed from one book to another, in sentences; and what a book says.

use openpbm_book::{Area, ChangeKind, InMemory, diff, diff_report};

use crate::support::{appended, book, documents, replaced, with};

/// The sentences for a changed set of documents.
fn sentences(changed: &InMemory) -> Vec<String> {
    diff(&book(&documents()), &book(changed)).iter().map(ToString::to_string).collect()
}

/// Replaces a text of a document and expects exactly these sentences.
fn check(path: &str, old: &str, new: &str, expected: &[&str]) {
    assert_eq!(sentences(&with(path, old, new)), expected, "{path}: `{old}` -> `{new}`");
}

#[test]
fn the_same_book_has_no_changes() {
    assert_eq!(sentences(&documents()), Vec::<String>::new());
    assert_eq!(diff_report(&[]), "nothing changed\n");
    // A comment is another version, but says nothing else.
    assert_eq!(sentences(&appended(documents(), "dur.toml", "# a comment\n")), [""; 0]);
}

#[test]
fn plans_change_in_words() {
    check(
        "plans/ppo.toml",
        "person = \"250.00\"",
        "person = \"300.00\"",
        &["plan ppo: the deductible per person rises from $250.00 to $300.00 from 2026-01-01 \
           (plans/ppo.toml:11)"],
    );
    check(
        "plans/ppo.toml",
        "copay = \"10.00\"",
        "copay = \"7.50\"",
        &["plan ppo: the member's share of tier 1 at retail falls from $10.00 to $7.50 from \
           2026-01-01 (plans/ppo.toml:24)"],
    );
    check(
        "plans/ppo.toml",
        "tiers = [3]\n",
        "",
        &["plan ppo: the scope of the deductible is no longer tiers 3 from 2026-01-01 \
           (plans/ppo.toml:11)"],
    );
    check(
        "plans/ppo.toml",
        "[[share]]\ntiers = [1]",
        "[[share]]\ntiers = [1]\nkind = \"brand\"\ncopay = \"15.00\"\n\n[[share]]\ntiers = [1]",
        &["plan ppo: the member's share of brands of tier 1 at retail rises from $10.00 to \
           $15.00 from 2026-01-01 (plans/ppo.toml:24)"],
    );
    check(
        "plans/ppo.toml",
        "[[share]]\ntiers = [1]",
        "[[exempt]]\nunder_age = 21\n\n[[share]]\ntiers = [1]",
        &["plan ppo: the share of members under 21 is newly nothing from 2026-01-01 \
           (plans/ppo.toml:24)"],
    );
}

#[test]
fn a_later_version_is_compared_with_the_one_before_it() {
    let text = String::from_utf8(documents().get("plans/ppo.toml").unwrap().to_vec()).unwrap();
    let next = text
        .replace("2026", "2027")
        .replace("at_most = \"100.00\"", "at_most = \"120.00\"")
        .replace("used = \"75%\"", "used = \"80%\"");
    let mut changed = documents();
    changed.put("plans/ppo-2027.toml", next);
    let changed = replaced(changed, "formularies/main.toml", "to = 2026-12-31", "to = 2027-12-31");
    assert_eq!(
        sentences(&changed),
        [
            "plan ppo has new terms from 2027-01-01 to 2027-12-31",
            "plan ppo: the used part before a refill rises from 75% to 80% from 2027-01-01 \
             (plans/ppo-2027.toml:17)",
            "plan ppo: the member's share of tiers 2, 3 and 4 at retail changes from 25%, at \
             most $100.00 to 25%, at most $120.00 from 2027-01-01 (plans/ppo-2027.toml:28)",
            "formulary main has new terms from 2027-01-01 to 2027-12-31",
        ]
    );
}

#[test]
fn drugs_move_on_the_formulary_alone_or_together() {
    let row = |condition: &str, part: &str| {
        let row = format!("\n[[place]]\nname = \"new\"\nwhere = {{ {condition} }}\n{part}\n");
        sentences(&appended(documents(), "formularies/main.toml", &row))
    };
    assert_eq!(
        row("ndc = \"00000000105\"", "tier = 4"),
        ["Eliquis 5 mg (00000-0001-05) moves from tier 3 to tier 4 from 2026-01-01 \
          (formularies/main.toml:36)"]
    );
    assert_eq!(
        row("class = \"statin\"", "authorization = { diagnoses = [\"E78\"] }"),
        ["4 drugs newly need prior authorization or a diagnosis of E78 from 2026-01-01: Caduet \
          5-10 mg (00000-0001-03), Lipitor 20 mg (00000-0001-01), atorvastatin 20 mg \
          (00000-0001-02), rare generic (00000-0001-07) (formularies/main.toml:36)"]
    );
    assert_eq!(
        row("otc = true", "tier = 1"),
        ["ibuprofen 200 mg (00000-0001-06) is newly covered in tier 1 from 2026-01-01 \
          (formularies/main.toml:36)"]
    );
    check(
        "formularies/main.toml",
        "units = \"90\"",
        "units = \"60\"",
        &["oxycodone 5 mg (00000-0001-04) now has a limit of 60 units in 30 days instead of a \
           limit of 90 units in 30 days from 2026-01-01 (formularies/main.toml:31)"],
    );
    check(
        "formularies/main.toml",
        "name = \"brands\"\nwhere = { kind = \"brand\" }",
        "name = \"brands\"\nwhere = { kind = \"brand\", class = \"statin\" }",
        &["Eliquis 5 mg (00000-0001-05) is no longer covered (it was in tier 3) from 2026-01-01 \
           (formularies/main.toml:21)"],
    );
}

#[test]
fn prices_move_by_percent_and_many_are_summed_up() {
    check(
        "prices/nadac.csv",
        "9.00000,2026-01-01,2026-12-31",
        "9.00000,2026-01-01,2026-01-31\n00000000105,9.37800,2026-02-01,2026-12-31",
        &["the price of Eliquis 5 mg (00000-0001-05) in list nadac rises 4.2% from $9.00000 to \
           $9.37800 from 2026-02-01 (prices/nadac.csv:7)"],
    );
    check(
        "prices/nadac.csv",
        "00000000107,2.00000,2026-01-01,2026-12-31\n",
        "",
        &[
            "rare generic (00000-0001-07) moves from tier 2 to tier 1 from 2026-01-01 \
             (formularies/main.toml:11)",
            "rare generic (00000-0001-07) is gone from list nadac",
        ],
    );
    let many = |factor: u64| {
        let (mut drugs, mut prices) = (String::new(), String::new());
        for n in 200..260 {
            drugs
                .push_str(&format!("00000000{n},drug {n},stuff,{n} mg,tablet,,brand,,false,,,,\n"));
            prices.push_str(&format!("00000000{n},{}.00000,2026-01-01,\n", n * factor - n % 7));
        }
        let documents = appended(documents(), "drugs/test.csv", &drugs);
        book(&appended(documents, "prices/nadac.csv", &prices))
    };
    let changes = diff(&many(2), &many(3));
    assert_eq!(changes.len(), 1);
    assert_eq!((changes[0].area, changes[0].kind), (Area::Prices, ChangeKind::Changed));
    let text = &changes[0].text;
    assert!(text.starts_with("60 prices of list nadac move: 60 rise and 0 fall; the largest"));
    // 202 x 2 - 6 = 398 becomes 202 x 3 - 6 = 600: 50.75%, the largest of them.
    assert!(text.contains("drug 202 (00000-0002-02) rises 50.8% from $398.00000"), "{text}");
    assert_eq!(text.matches(" rises ").count(), 10, "{text}");
}

#[test]
fn pharmacies_prescribers_networks_and_rules_change_in_words() {
    check(
        "pharmacies.csv",
        "1999000056,Faraway,retail,,,",
        "1999000056,Faraway,retail,retail,2026-07-01,",
        &["Faraway (1999000056) is newly in network retail since 2026-07-01 (pharmacies.csv:3)"],
    );
    check(
        "prescribers.csv",
        "1999000114,Dr. Diaz,,",
        "1999000122,Dr. Keller,,",
        &[
            "Dr. Keller (1999000122) is new (prescribers.csv:2)",
            "Dr. Diaz (1999000114) is gone (prescribers.csv:2)",
        ],
    );
    check(
        "prescribers.csv",
        "2026-01-01,",
        ",",
        &["Dr. Vance (1999000130) is no longer sanctioned (prescribers.csv:3)"],
    );
    check(
        "networks.toml",
        "dispensing_fee = \"1.50\"",
        "dispensing_fee = \"1.75\"",
        &["network retail: the dispensing fee rises from $1.50 to $1.75 from 2026-01-01 \
           (networks.toml:7)"],
    );
    check(
        "networks.toml",
        "dispensing_fee = \"1.50\"",
        "dispensing_fee = \"1.50\"\nsales_tax = { rate = \"7%\" }",
        &["network retail: the highest rate of sales tax is newly 7% from 2026-01-01 \
           (networks.toml:8)"],
    );
    check(
        "networks.toml",
        "rate = \"101%\"",
        "rate = \"102.5%\"",
        &["network retail: the price of brands changes from 101% of nadac to 102.50% of nadac \
           from 2026-01-01 (networks.toml:5)"],
    );
    check(
        "dur.toml",
        "significance = 1",
        "significance = 2",
        &["rule \"opioid with a statin\": the significance changes from major to moderate \
           (dur.toml:1)"],
    );
    check(
        "measures.toml",
        "name = \"Statins\"",
        "name = \"Statins\"\nadherent_from = \"90%\"\nexcept = { kind = \"brand\" }",
        &[
            "measure \"statins\": the number of drugs measured changes from 4 to 2 \
             (measures.toml:1)",
            "measure \"statins\": the threshold rises from 80% to 90% (measures.toml:1)",
        ],
    );
    check(
        "drugs/test.csv",
        "opioid,generic,2",
        "opioid,generic,3",
        &["oxycodone 5 mg (00000-0001-04) changes: the DEA schedule changes from 2 to 3 \
           (drugs/test.csv:5)"],
    );
    check("book.toml", "\"TEST\"", "\"PBM\"", &["the PCN changes from TEST to PBM"]);
}

#[test]
fn a_drug_sheet_names_each_rule_and_its_line() {
    let book = book(&documents());
    let sheet = book.drug_sheet("00000000104".parse().unwrap()).unwrap().to_string();
    for line in [
        "oxycodone 5 mg (00000-0001-04)",
        "the DEA schedule is 2             drugs/test.csv:5",
        "in tier 1                           formularies/main.toml:11",
        "has a limit of 90 units in 30 days  formularies/main.toml:31",
        "$0.20000 a unit from 2026-01-01 to 2026-12-31  prices/nadac.csv:5",
    ] {
        assert!(sheet.contains(line), "{line}\n{sheet}");
    }
    assert!(book.drug_sheet("00000000999".parse().unwrap()).is_none());
}

#[test]
fn a_summary_tells_the_benefits_in_sentences() {
    let text = book(&documents()).summary().to_string();
    for line in [
        "answers for BIN 900001 and PCN TEST",
        "2 pharmacies, 2 prescribers, 7 drugs, 1 drug utilization review rule and 6 prices in \
         list nadac",
        "the deductible per person is $250.00",
        "the member's share of tier 1 is $10.00",
        "the member's share of tiers 2, 3 and 4 is 25%, at most $100.00",
        "the supply at retail is up to 34 days at 1 copay and up to 90 days at 3 copays",
        "the price of brands is 101% of nadac",
        "2 drugs in tier 1",
    ] {
        assert!(text.contains(line), "{line}\n{text}");
    }
}
