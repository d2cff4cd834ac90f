//! A year's claims under another book, from small files whose differences are worked out by hand.

use std::path::{Path, PathBuf};
use std::process::Command;

use openpbm_analytics::table::Format;
use serde_json::Value;

/// A folder with the sample book, another book beside it, and claims.
struct Desk {
    folder: tempfile::TempDir,
}

const CLAIMS: &str = "\
transaction,cardholder_id,person_code,group,birth,sex,pharmacy,prescription,fill,date_of_service,\
prescriber,ndc,quantity,days_supply,gross_amount_due
B1,CSC100004,01,CSCPPO,1990-04-04,male,1999000015,1,0,2026-02-01,1999000114,66993001968,18,30,99
B1,CSC100001,01,CSCPPO,1984-03-12,female,1999000015,2,0,2026-02-01,1999000114,68180098003,30,30,99
B1,CSC100001,01,CSCPPO,1984-03-12,female,1999000015,3,0,2026-02-02,1999000114,00378447205,120,30,99
B2,CSC100001,,,,,1999000015,3,0,2026-02-02,,00378447205,,,
B1,CSC100001,02,CSCPPO,1982-11-05,male,1999000015,4,0,2026-03-01,1999000114,66993001968,18,30,99
B1,CSC300001,01,CSCMCD,1996-07-07,female,1999000015,5,0,2026-03-01,1999000114,66993001968,18,30,99
";

impl Desk {
    fn new() -> Self {
        let desk = Self { folder: tempfile::tempdir().unwrap() };
        desk.write("claims.csv", CLAIMS);
        desk
    }

    fn root() -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap()
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn write(&self, name: &str, text: &str) {
        std::fs::write(self.path(name), text).unwrap();
    }

    fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.path(name)).unwrap()
    }

    /// A copy of the sample book with one document edited.
    fn book(&self, name: &str, document: &str, from: &str, to: &str) {
        copy(&Self::root().join("sample"), &self.path(name));
        let document = format!("{name}/{document}");
        let text = self.read(&document);
        assert!(text.contains(from), "{document} does not say {from}");
        self.write(&document, &text.replace(from, to));
    }

    fn run(&self, line: &str) -> (i32, String, String) {
        let root = Self::root();
        let words = line.split(' ').map(|word| word.replace("ROOT", root.to_str().unwrap()));
        let output = Command::new(env!("CARGO_BIN_EXE_openpbm"))
            .args(words)
            .current_dir(self.folder.path())
            .output()
            .unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
    }

    /// A replay of the claims under the sample book and another.
    fn replay(&self, more: &str) -> (i32, String, String) {
        let members = "--members ROOT/sample/members.csv";
        self.run(&format!("replay --claims claims.csv {members} --book ROOT/sample {more}"))
    }

    fn report(&self, more: &str) -> Value {
        let (code, out, err) = self.replay(&format!("{more} --json"));
        assert_eq!(code, 0, "{err}");
        serde_json::from_str::<Value>(&out).unwrap()["report"].clone()
    }
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy(&path, &target);
        } else {
            std::fs::copy(&path, &target).unwrap();
        }
    }
}

/// Amounts in cents.
fn cost(value: &Value) -> [i64; 3] {
    ["gross", "plan", "member"].map(|name| value[name].as_i64().unwrap())
}

/// A fill of tier 1 costs the member $15.00 instead of $10.00.
fn dearer(desk: &Desk) {
    let tier_1 = "tiers = [1]\ncopay = \"10.00\"";
    desk.book("dearer", "plans/ppo.toml", tier_1, "tiers = [1]\ncopay = \"15.00\"");
}

/// By hand. The inhaler: 18 g x $1.82100 = $32.78, fee $1.50 (Medicaid $10.50): $34.28 ($43.28).
/// Under the sample book its copay is $10.00, the plan pays $24.28; under the other $15.00 and
/// $19.28. Ana's lisinopril costs less than either copay: she pays all of it. Her mycophenolate is
/// reversed in both worlds. Dana's plan (Medicaid) says nothing of it. So two fills cost the plan
/// $5.00 less each, and two members $5.00 more.
#[test]
fn a_dearer_copay_moves_its_difference_from_the_plan_to_the_members() {
    let desk = Desk::new();
    dearer(&desk);
    let report = desk.report("--against dearer --csv changes.csv");
    assert_eq!(report["claims"], 5);
    assert_eq!(report["reversals"], 1);
    assert_eq!([&report["book"]["paid"], &report["book"]["reversed"]], [4, 1]);
    let comparison = &report["comparison"];
    assert_eq!(comparison["changed"], 2);
    assert_eq!(cost(&comparison["change"]), [0, -1000, 1000]);
    assert_eq!(comparison["members"], 4);
    assert_eq!(comparison["members_same"], 2);
    assert_eq!(comparison["worse"][0]["members"], 2);
    assert_eq!(comparison["worse"][0]["change"], 1000);
    assert_eq!(comparison["tiers"].as_array().unwrap().len(), 1);
    assert_eq!(comparison["tiers"][0]["claims"], 2);
    assert_eq!(comparison["drugs"][0]["ndc"], "66993001968");
    let changes = desk.read("changes.csv");
    let mut amounts: Vec<_> = changes.lines().skip(1).collect();
    amounts.sort_unstable();
    assert_eq!(amounts.len(), 2, "{changes}");
    for (line, number) in amounts.iter().zip(["2,", "6,"]) {
        assert!(line.starts_with(number), "{line}");
        let expected = "paid,paid,,,1,1,34.28,34.28,24.28,19.28,10.00,15.00";
        assert!(line.ends_with(expected), "{line}");
    }
}

#[test]
fn the_same_book_changes_nothing() {
    let desk = Desk::new();
    let report = desk.report("--against ROOT/sample");
    let comparison = &report["comparison"];
    assert_eq!(comparison["changed"], 0);
    assert_eq!(cost(&comparison["change"]), [0, 0, 0]);
    assert_eq!(comparison["members"], comparison["members_same"]);
}

/// A group that a book does not know anymore is rejected there: Sam and the Riveras lose their
/// fills, and that they pay nothing is no gain of theirs.
#[test]
fn who_loses_a_fill_is_not_told_to_be_better_off() {
    let desk = Desk::new();
    let ends = "id = \"CSCPPO\"\n";
    desk.book("gone", "groups.toml", ends, "id = \"CSCPPX\"\n");
    let report = desk.report("--against gone");
    let comparison = &report["comparison"];
    // Three fills were paid for; the fourth, which was reversed, is refused there, too.
    assert_eq!(comparison["against"]["paid"], 1);
    assert_eq!(comparison["against"]["rejected"], 4);
    assert_eq!(comparison["members_lost"], 3);
    assert_eq!(comparison["members_same"], 1);
    assert!(comparison["better"].as_array().unwrap().iter().all(|band| band["members"] == 0));
    let appear: i64 = comparison["rejects"]
        .as_array()
        .unwrap()
        .iter()
        .map(|line| line["appear"].as_i64().unwrap())
        .sum();
    assert!(appear >= 4, "{comparison}");
}

#[test]
fn damaged_claims_are_told_by_line_and_column() {
    let desk = Desk::new();
    let wrong = CLAIMS.replace("1982-11-05", "1982-13-05").replace(",120,30", ",0,30");
    desk.write("claims.csv", &wrong);
    insta::assert_snapshot!("replay_mistakes", desk.replay("--against ROOT/sample").2);
    desk.write("claims.csv", &CLAIMS.replace("birth,sex", "birthday,sex"));
    insta::assert_snapshot!("replay_header", desk.replay("--against ROOT/sample").2);
    desk.write("claims.csv", &CLAIMS.replace(",99\nB2", "\nB2"));
    insta::assert_snapshot!("replay_cells", desk.replay("--against ROOT/sample").2);
}

#[test]
fn what_is_missing_is_asked_for() {
    let desk = Desk::new();
    let said = |line: &str| desk.run(line).2;
    let refusals = [
        said("replay --claims claims.csv --book ROOT/sample --against ROOT/sample"),
        said("replay --claims claims.xls --members m.csv --book ROOT/sample --against nowhere"),
        said("replay --claims journal --against ROOT/sample"),
        desk.replay("--verify").2,
    ];
    insta::assert_snapshot!("replay_refusals", refusals.join("\n"));
}

#[test]
fn the_report_in_words() {
    let desk = Desk::new();
    dearer(&desk);
    let (code, out, err) = desk.replay("--against dearer");
    assert_eq!(code, 0, "{err}");
    let mut lines: Vec<_> = out.lines().collect();
    // How long it took, and the versions, are another every time.
    lines.drain(..3);
    insta::assert_snapshot!("replay_report", lines.join("\n"));
}

/// A data directory with a journal: claims of invented members, and those of the fixtures with a
/// rebill and a reversal.
fn journal(desk: &Desk) {
    for line in [
        "bench --seconds 1 --members 200 --connections 4 --data pbm --json",
        "import members ROOT/sample/members.csv --data pbm",
        "claim ROOT/fixtures/claims/paid.d0 --data pbm",
        "claim ROOT/fixtures/claims/rebill.d0 --data pbm",
        "claim ROOT/fixtures/claims/four-claims.d0 --data pbm",
        "claim ROOT/fixtures/claims/brand-by-patient-choice.d0 --data pbm",
        "claim ROOT/fixtures/claims/step-therapy.d0 --data pbm",
        "claim ROOT/fixtures/claims/reversal.d0 --data pbm",
    ] {
        let (code, _, err) = desk.run(line);
        assert_eq!(code, 0, "{line}: {err}");
    }
}

fn json(desk: &Desk, line: &str) -> Value {
    let (code, out, err) = desk.run(line);
    assert_eq!(code, 0, "{line}: {err}");
    serde_json::from_str::<Value>(&out).unwrap()["report"].clone()
}

/// The journal's own verification is the measure: as many decisions, and the same families.
#[test]
fn a_journal_is_answered_again_bit_for_bit() {
    let desk = Desk::new();
    journal(&desk);
    let report = json(&desk, "replay --claims journal --data pbm --verify --json");
    let (_, out, _) = desk.run("verify --data pbm --json");
    let verified: Value = serde_json::from_str(&out).unwrap();
    assert!(report["claims"].as_u64().unwrap() > 100, "{report}");
    assert_eq!(report["claims"], verified["decisions"]);
    assert_eq!(report["verified"]["answers"], verified["decisions"]);
    assert_eq!(report["verified"]["different"], 0);
    assert!(report["book"]["reversed"].as_u64().unwrap() >= 2, "{report}");

    // A rebill and a reversal under another book, too: that book pays the same claims.
    dearer(&desk);
    let report = json(&desk, "replay --claims journal --data pbm --against dearer --json");
    let against = &report["comparison"]["against"];
    assert_eq!(against["reversed"], report["book"]["reversed"]);
    assert_eq!(against["paid"], report["book"]["paid"]);
    assert!(against["plan"].as_i64().unwrap() < report["book"]["plan"].as_i64().unwrap());

    // Under that book the answers are not the ones that were given: the first is named.
    let (code, out, err) = desk.run("replay --claims journal --data pbm --book dearer --verify");
    assert_eq!(code, 1);
    let step = "benefit: copay of $10.00 x 1, copay 0.00 -> 10.00 (document ";
    assert!(out.contains("first difference: line or entry "), "{out}");
    assert!(out.contains(&format!("given  {step}")), "{out}");
    assert!(out.contains("now    benefit: copay of $15.00 x 1, copay 0.00 -> 15.00"), "{out}");
    assert!(err.contains("not as given"), "{err}");
}

/// What a journal is exported to is answered like the journal: in either form, with the members
/// of the enrollment file.
#[test]
fn exported_claims_are_answered_like_the_journal() {
    let desk = Desk::new();
    for line in [
        "init pbm",
        "import members pbm/members.csv --data pbm",
        "claim ROOT/fixtures/claims/paid.d0 --data pbm",
        "claim ROOT/fixtures/claims/rebill.d0 --data pbm",
        "claim ROOT/fixtures/claims/four-claims.d0 --data pbm",
        "claim ROOT/fixtures/claims/prior-authorization.d0 --data pbm",
        "claim ROOT/fixtures/claims/reversal.d0 --data pbm",
    ] {
        let (code, _, err) = desk.run(line);
        assert_eq!(code, 0, "{line}: {err}");
    }
    let of_journal = json(&desk, "replay --claims journal --data pbm --verify --json");
    for file in ["claims.csv", "claims.parquet"] {
        let (code, out, err) = desk.run(&format!("export claims --data pbm --to {file}"));
        assert_eq!((code, out.as_str()), (0, ""), "{err}");
        let line = format!(
            "replay --claims {file} --members pbm/members.csv --book pbm/book --verify --json"
        );
        let of_file = json(&desk, &line);
        assert_eq!(of_file, Value::clone(&of_journal), "{file}");
        let line = line.replace("--members pbm/members.csv", "--data pbm");
        assert_eq!(json(&desk, &line), Value::clone(&of_journal), "{file}");
    }
}

/// The table of changes is the same in both forms, and the picture is of it.
#[test]
fn changes_are_written_as_csv_parquet_and_svg() {
    let desk = Desk::new();
    dearer(&desk);
    let files = "--csv changes.csv --parquet changes.parquet --svg changes.svg";
    desk.report(&format!("--against dearer {files}"));
    let file = std::fs::File::open(desk.path("changes.parquet")).unwrap();
    let mut table = openpbm_analytics::table::open(file, Format::Parquet).unwrap();
    let mut lines = vec![table.header().iter().collect::<Vec<_>>().join(",")];
    for (_, row) in table.next_batch().unwrap() {
        lines.push(row.iter().collect::<Vec<_>>().join(","));
    }
    // Parquet's amounts have no cents to show where there are none.
    let csv = desk.read("changes.csv").replace(",10.00,15.00", ",10,15");
    assert_eq!(lines, csv.lines().collect::<Vec<_>>());
    let svg = desk.read("changes.svg");
    assert!(svg.contains(">2 of 5 claims change<"), "{svg}");
    assert!(svg.contains("plan pays: $90.84 to $80.84"), "{svg}");
    assert!(svg.contains("albuterol HFA 90 mcg inhaler"), "{svg}");
}

#[test]
fn a_file_that_is_no_parquet_is_told() {
    let desk = Desk::new();
    desk.write("claims.parquet", CLAIMS);
    let line = "replay --claims claims.parquet --members ROOT/sample/members.csv --book \
                ROOT/sample --against ROOT/sample";
    let (code, _, err) = desk.run(line);
    assert_eq!(code, 1);
    assert!(err.contains("it is damaged or not Parquet"), "{err}");
}

/// The worked example of docs/start/what-if.md is what the program prints, and its picture what
/// the program draws. After a change: `OPENPBM_WRITE_DOCS=1 cargo test --package openpbm`.
#[test]
fn the_worked_example_is_what_the_program_says() {
    let desk = Desk::new();
    dearer(&desk);
    let plan = desk.read("dearer/plans/ppo.toml");
    let tier_3 = "tiers = [3]\ncopay = \"45.00\"";
    assert!(plan.contains(tier_3));
    desk.write("dearer/plans/ppo.toml", &plan.replace(tier_3, "tiers = [3]\ncopay = \"40.00\""));
    let files = "--members ROOT/fixtures/replay/members.csv --book ROOT/sample --against dearer";
    let (code, out, err) = desk
        .run(&format!("replay --claims ROOT/fixtures/replay/claims.csv {files} --svg what-if.svg"));
    assert_eq!(code, 0, "{err}");
    let docs = Desk::root().join("docs/start");
    let page = std::fs::read_to_string(docs.join("what-if.md")).unwrap();
    // The page's two edits are those that are made here.
    for (now, was) in [("15.00", "10.00"), ("40.00", "45.00")] {
        let edit = format!("copay = \"{now}\"      # was {was}");
        assert!(page.contains(&edit), "docs/start/what-if.md does not say {edit}");
    }
    let (before, rest) = page.split_once("```text\n").unwrap();
    let (written, after) = rest.split_once("```\n").unwrap();
    // How long it took, and the versions, are another every time.
    let said = out.lines().skip(3).fold(String::new(), |text, line| text + line + "\n");
    let (said, picture) = (said.trim_start_matches('\n'), desk.read("what-if.svg"));
    let drawn = |picture: &str| {
        let is_about = |line: &&str| !line.contains(" instead of ");
        picture.lines().filter(is_about).map(str::to_owned).collect::<Vec<_>>()
    };
    if std::env::var_os("OPENPBM_WRITE_DOCS").is_some() {
        let page = format!("{before}```text\n{said}```\n{after}");
        std::fs::write(docs.join("what-if.md"), page).unwrap();
        std::fs::write(docs.join("what-if.svg"), picture).unwrap();
        return;
    }
    assert_eq!(written, said, "docs/start/what-if.md is not what the program says");
    let kept = std::fs::read_to_string(docs.join("what-if.svg")).unwrap();
    assert_eq!(drawn(&kept), drawn(&picture), "docs/start/what-if.svg");
}
