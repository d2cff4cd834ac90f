//! The program as people meet it: exit code, standard output and standard error of each verb.

use std::path::{Path, PathBuf};
use std::process::Command;

/// Runs the program in a fresh folder and puts everything that people see into one text.
struct Shell {
    folder: tempfile::TempDir,
}

impl Shell {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    fn root() -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap()
    }

    fn run(&self, line: &str) -> String {
        let root = Self::root();
        let words = line.split(' ').map(|word| word.replace("ROOT", root.to_str().unwrap()));
        let output = Command::new(env!("CARGO_BIN_EXE_openpbm"))
            .args(words)
            .current_dir(self.folder.path())
            .output()
            .unwrap();
        let text = format!(
            "exit {}\n--- out\n{}--- err\n{}",
            output.status.code().unwrap(),
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr)
        );
        text.replace(root.to_str().unwrap(), "ROOT")
    }

    fn write(&self, name: &str, text: &str) {
        std::fs::write(self.folder.path().join(name), text).unwrap();
    }

    fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.folder.path().join(name)).unwrap()
    }
}

/// Versions and ids change with every edit of the sample; their shape does not.
fn shape(text: &str) -> String {
    let mut shaped = String::new();
    for word in text.split_inclusive([' ', '\n', ')', ';']) {
        let bare = word.trim_end_matches([' ', '\n', ')', ';', ',']);
        let is_version = bare.len() == 12 && bare.bytes().all(|b| b.is_ascii_hexdigit());
        let is_id = bare.len() == 20 && bare.starts_with("0") && bare.is_ascii();
        if is_version || is_id {
            shaped.push_str(if is_version { "VERSION" } else { "AUTHORIZATION" });
            shaped.push_str(&word[bare.len()..]);
        } else {
            shaped.push_str(word);
        }
    }
    shaped
}

#[test]
fn a_data_directory_from_nothing_to_verified() {
    let shell = Shell::new();
    insta::assert_snapshot!("init", shape(&shell.run("init pbm")));
    insta::assert_snapshot!("init_again", shell.run("init pbm"));
    insta::assert_snapshot!("import", shell.run("import members pbm/members.csv --data pbm"));
    insta::assert_snapshot!("import_again", shell.run("import members pbm/members.csv --data pbm"));
    // Decided long after its day or not, the claim gets an answer that verifies.
    let claim = shell.run("claim ROOT/fixtures/claims/paid.d0 --data pbm --explain");
    assert!(claim.starts_with("exit 0") && claim.contains("why:"), "{claim}");
    let verified = shell.run("verify --data pbm");
    assert!(verified.contains("1 of 1 decisions made again came out the same"), "{verified}");
    insta::assert_snapshot!("publish_again", shape(&shell.run("book publish pbm/book --data pbm")));
}

#[test]
fn what_comes_late_is_looked_for() {
    let shell = Shell::new();
    shell.run("init pbm");
    shell.run("import members pbm/members.csv --data pbm");
    let none = shell.run("reprocess --data pbm");
    assert!(none.contains("0 families looked at, 0 claims of 0 families adjusted"), "{none}");
    // Ana's coverage ends, but nothing was paid for her.
    let members = shell.read("pbm/members.csv");
    let ana = "1984-03-12,female,subscriber,2026-01-01,";
    assert!(members.contains(ana));
    shell.write("changed.csv", &members.replace(ana, &format!("{ana}2026-02-28")));
    let changed = shell.run("import members changed.csv --data pbm --reprocess");
    assert!(changed.contains("1 members new or changed"), "{changed}");
    assert!(changed.contains("1 family looked at, 0 claims of 0 families adjusted"), "{changed}");
    let seen = shell.run("reprocess --data pbm --family CSC100001 --dry-run --json");
    assert!(seen.starts_with("exit 0") && seen.contains("\"families\": 1"), "{seen}");
    let both = shell.run("reprocess --data pbm --family CSC100001 --since 2026-01-01");
    assert!(both.starts_with("exit 2"), "{both}");
}

#[test]
fn what_is_refused_says_why_and_what_to_do() {
    let shell = Shell::new();
    insta::assert_snapshot!("serve_nowhere", shell.run("serve --data nowhere"));
    insta::assert_snapshot!("verify_nowhere", shell.run("verify --data nowhere"));
    insta::assert_snapshot!("no_server", {
        let text = shell.run("claim ROOT/fixtures/claims/paid.d0 --ncpdp 127.0.0.1:1");
        text.replace("(os error 111)", "")
    });
    insta::assert_snapshot!("no_file", shell.run("claim nothing.d0 --data pbm"));
    let remote = "demo --no-traffic --http 0.0.0.0:0 --ncpdp 127.0.0.1:0";
    insta::assert_snapshot!("remote_http", shell.run(remote));
    insta::assert_snapshot!("wrong_usage", shell.run("book show sample --drug 123"));
}

/// Sizes, spans and instants are another in every run.
fn still(text: &str) -> String {
    let words = text.split_inclusive([' ', '\n', '(', ')', ',']).map(|word| {
        let bare = word.trim_end_matches([' ', '\n', '(', ')', ',']);
        let is_span = bare.contains('.') && bare.parse::<f64>().is_ok();
        let is_instant = bare.len() == 24 && bare.ends_with('Z');
        let shown = if is_span {
            "N"
        } else if is_instant {
            "INSTANT"
        } else {
            bare
        };
        format!("{shown}{}", &word[bare.len()..])
    });
    words.collect::<String>().replace("MiB", "KiB")
}

#[test]
fn a_store_is_looked_after() {
    let shell = Shell::new();
    shell.run("init pbm");
    insta::assert_snapshot!("status_nowhere", shell.run("store status --data pbm"));
    shell.run("import members pbm/members.csv --data pbm");
    insta::assert_snapshot!("status", still(&shell.run("store status --data pbm")));
    insta::assert_snapshot!("migrate", shell.run("store migrate --data pbm"));
    let retire = "store retire --data pbm --before";
    insta::assert_snapshot!("retire_nothing", shell.run(&format!("{retire} 2000-01-01")));
    insta::assert_snapshot!("retire_too_soon", shell.run(&format!("{retire} 2100-01-01")));
    let dry_run = shell.run(&format!("{retire} 2100-01-01 --force --dry-run"));
    insta::assert_snapshot!("retire_dry_run", dry_run);
    insta::assert_snapshot!("wrong_store", shell.run("store status --store mysql://db/claims"));
    insta::assert_snapshot!("no_store", shell.run("store status"));
    insta::assert_snapshot!("backup", still(&shell.run("backup --data pbm --to copy")));
    insta::assert_snapshot!("backup_again", still(&shell.run("backup --data pbm --to copy")));
    insta::assert_snapshot!("restore", shape(&still(&shell.run("restore --from copy --data new"))));
    insta::assert_snapshot!("restore_again", shell.run("restore --from copy --data new"));
    let until = "restore --from copy --data other --until 2026-06-30";
    insta::assert_snapshot!("wrong_instant", shell.run(until));
    let nothing = "journal show 06H018P9SFPVMD52SKJ7 --data pbm";
    insta::assert_snapshot!("no_entry", shell.run(nothing));
    insta::assert_snapshot!("no_place", shell.run("export journal --data pbm --from 0:99"));
}

#[test]
fn mistakes_of_members_are_told_without_their_data() {
    let shell = Shell::new();
    shell.run("init pbm");
    let wrong = shell.read("pbm/members.csv").replace("1982-11-05", "1982-13-05");
    shell.write("wrong.csv", &wrong);
    insta::assert_snapshot!("wrong_members", shell.run("import members wrong.csv --data pbm"));
}

#[test]
fn what_the_medical_side_has_come_to_is_taken_in_once() {
    let shell = Shell::new();
    shell.run("init pbm");
    shell.run("import members pbm/members.csv --data pbm");
    shell.write(
        "medical.csv",
        "id,cardholder_id,person_code,group,plan_year,as_of,deductible,out_of_pocket\n\
         f1,CSC100001,01,CSCPPO,2026-01-01,2026-01-31,180.00,600.00\n",
    );
    let import = "import accumulators medical.csv --data pbm";
    insta::assert_snapshot!("wrong_accumulators", shell.run(import));
    let plan = shell.read("pbm/book/plans/ppo.toml");
    let plan = plan.replace("tiers = [3, 4, 5]\n\n[out", "with_medical = true\n\n[out");
    shell.write("pbm/book/plans/ppo.toml", &plan);
    let published = shell.run("book publish pbm/book --data pbm");
    assert!(published.starts_with("exit 0"), "{published}");
    insta::assert_snapshot!("accumulators", shell.run(&format!("{import} --reprocess")));
    let again = shell.run(&format!("{import} --json"));
    assert!(again.starts_with("exit 0") && again.contains("\"added\": 0"), "{again}");
}

#[test]
fn a_book_is_checked_shown_and_compared() {
    let shell = Shell::new();
    shell.run("init pbm");
    insta::assert_snapshot!("check", shape(&shell.run("book check pbm/book")));
    insta::assert_snapshot!("show_drug", shell.run("book show pbm/book --drug 00310621030"));
    insta::assert_snapshot!("unknown_drug", shell.run("book show pbm/book --drug 99999999999"));
    insta::assert_snapshot!("diff_same", shell.run("book diff ROOT/sample pbm/book"));
    let plan = shell.read("pbm/book/plans/ppo.toml").replace("\"250.00\"", "\"300.00\"");
    shell.write("pbm/book/plans/ppo.toml", &plan);
    insta::assert_snapshot!("diff", shell.run("book diff ROOT/sample pbm/book"));
    let plan = plan.replace("kind = \"embedded\"", "kind = \"embeded\"");
    shell.write("pbm/book/plans/ppo.toml", &plan);
    insta::assert_snapshot!("check_wrong", shell.run("book check pbm/book"));
}
