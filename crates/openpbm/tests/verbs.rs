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

#[test]
fn mistakes_of_members_are_told_without_their_data() {
    let shell = Shell::new();
    shell.run("init pbm");
    let wrong = shell.read("pbm/members.csv").replace("1982-11-05", "1982-13-05");
    shell.write("wrong.csv", &wrong);
    insta::assert_snapshot!("wrong_members", shell.run("import members wrong.csv --data pbm"));
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
