//! Looking into the journal, writing it out, and letting go of what is past its retention.

use std::process::Stdio;

use openpbm_core::Date;
use serde_json::Value;

use crate::world::{Told, World, now};

fn lines(text: &str) -> Vec<Value> {
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn the_journal_is_written_out_in_order_and_gone_on_with() {
    let mut world = World::new(21);
    let server = world.serve();
    let mut told = Told::default();
    told.work(&mut world.workload, &mut server.pharmacy(), 60, now().date());
    let first = world.run("export journal --data pbm");
    let (_, place) = first.err.trim().rsplit_once("--from ").unwrap();
    let place = place.to_owned();
    let first = lines(&first.done());
    told.work(&mut world.workload, &mut server.pharmacy(), 60, now().date());
    let second = lines(&world.run(&format!("export journal --data pbm --from {place}")).done());
    let all = lines(&world.run("export journal --data pbm").done());
    assert_eq!([first.clone(), second.clone()].concat(), all);
    assert!(!first.is_empty() && !second.is_empty());
    for (number, line) in (1..).zip(&all) {
        assert_eq!((&line["shard"], &line["sequence"]), (&Value::from(0), &Value::from(number)));
    }
    // Everything that has an id is found by it.
    let ids: Vec<_> = all.iter().map(|line| line["entry"]["id"].as_str().unwrap()).collect();
    assert!(told.ids.iter().all(|id| ids.contains(&id.to_string().as_str())));
    let id = told.ids[0];
    let shown: Value =
        serde_json::from_str(&world.run(&format!("journal show {id} --data pbm")).done()).unwrap();
    let line = all.iter().find(|line| line["entry"]["id"] == id.to_string()).unwrap();
    assert_eq!(shown["entry"], line["entry"]);
    assert_eq!(shown["sequence"], line["sequence"]);
}

/// Whether a payment is marked, as a cell says it.
fn bought_340b(decided: &Value) -> String {
    (decided["adjudication"]["outcome"]["paid"]["bought_340b"] == true).to_string()
}

/// The payers of an encounter sum to its price, and the parts of the patient's to that.
fn sums(cell: &dyn Fn(&str) -> String) {
    let cents = |name: &str| cell(name).parse::<openpbm_core::Cents>().unwrap();
    let sum = |names: &[&str]| openpbm_core::Cents::sum(names.iter().copied().map(cents)).unwrap();
    assert_eq!(sum(&["other_payers", "patient_pay", "plan_pays"]), cents("price"));
    let parts = ["deductible", "copay", "coinsurance", "product_selection", "over_benefit_maximum"];
    assert_eq!(sum(&parts), cents("patient_pay"));
}

#[test]
fn encounters_are_the_paid_and_reversed_claims_of_medicaid() {
    let mut world = World::new(23);
    let server = world.serve();
    let mut told = Told::default();
    told.work(&mut world.workload, &mut server.pharmacy(), 400, now().date());
    let all = lines(&world.run("export journal --data pbm").done());
    let of_medicaid = |event: &Value| event["adjudication"]["outcome"]["paid"]["group"] == "CSCMCD";
    let event = |line: &Value, kind: &str| line["entry"]["event"][kind].clone();
    let decided = |id: &Value| {
        let line = all.iter().find(|line| line["entry"]["id"] == *id).unwrap();
        event(line, "decided")
    };
    // The entries that pay a claim of Medicaid, or take one back, in their order.
    let expected: Vec<_> = all
        .iter()
        .filter(|line| {
            let reversed = event(line, "reversed");
            of_medicaid(&event(line, "decided"))
                || reversed.is_object() && of_medicaid(&decided(&reversed["claim"]))
        })
        .map(|line| line["entry"]["id"].as_str().unwrap().to_owned())
        .collect();
    let text = world.run("export encounters --data pbm").done();
    let rows: Vec<Vec<&str>> = text.lines().map(|line| line.split(',').collect()).collect();
    let column = |name: &str| rows[0].iter().position(|known| *known == name).unwrap();
    let cell = |row: &Vec<&str>, name: &str| row[column(name)].to_owned();
    let found: Vec<_> = rows[1..].iter().map(|row| cell(row, "id")).collect();
    assert_eq!(found, expected);
    assert!(rows.iter().all(|row| row.len() == rows[0].len()), "{text}");
    for row in &rows[1..] {
        sums(&|name| cell(row, name));
        let is_reversed = cell(row, "status") == "reversed";
        assert_eq!(is_reversed, !cell(row, "original_id").is_empty());
        let id = cell(row, if is_reversed { "original_id" } else { "id" });
        assert_eq!(cell(row, "bought_340b"), bought_340b(&decided(&id.into())));
    }
    let reversed = rows.iter().filter(|row| row[0] == "reversed").count();
    assert!(reversed > 0 && found.len() > reversed, "{reversed} of {}", found.len());
    // Whoever turns out to have been covered on the first day alone has no encounters after it.
    server.stop();
    world.enroll_until_the_first_day("CSCMCD");
    let place = world.run("export encounters --data pbm").err;
    let (_, place) = place.trim().rsplit_once("--from ").unwrap();
    let changed = world.run("import members changed.csv --data pbm --reprocess").done();
    assert!(changed.contains("adjusted"), "{changed}");
    let text = world.run(&format!("export encounters --data pbm --from {place}")).done();
    let voided: Vec<Vec<&str>> = text.lines().map(|line| line.split(',').collect()).collect();
    assert!(!voided.is_empty());
    for row in &voided {
        assert_eq!(cell(row, "status"), "voided");
        let paid = rows.iter().find(|paid| cell(paid, "id") == cell(row, "original_id")).unwrap();
        assert_eq!(cell(paid, "status"), "paid");
        assert_eq!(cell(paid, "plan_pays"), cell(row, "plan_pays"));
    }
    // They are nothing that a pharmacy sent.
    let exported = world.run("export claims --data pbm --to claims.csv");
    let left_out = format!("{} adjustments left out", voided.len());
    assert!(exported.err.contains(&left_out), "{}", exported.err);
    #[cfg(unix)]
    {
        let made = std::fs::metadata(world.path("claims.csv")).unwrap();
        assert_eq!(std::os::unix::fs::PermissionsExt::mode(&made.permissions()) & 0o077, 0);
        // One that is cut off is not taken for the whole.
        let short = ["sh", "-c", "ulimit -f 8; exec \"$@\"", "sh"];
        let cut = world.wrapped(&short, "export claims --data pbm --to cut.csv").output().unwrap();
        assert!(!cut.status.success() && !world.path("cut.csv").exists(), "{cut:?}");
    }
}

/// What CMS is sent follows each claim of Part D: reported, put right, deleted; and each record
/// comes to the same by what the pharmacy got, by phases and by payers.
#[test]
fn drug_events_follow_the_claims_of_part_d() {
    let mut world = World::new(24);
    let server = world.serve();
    let mut told = Told::default();
    told.work(&mut world.workload, &mut server.pharmacy(), 600, now().date());
    server.stop();
    // Everybody turns out to have the low-income subsidy.
    let members = std::fs::read_to_string(world.path("members.csv")).unwrap();
    let mut rows: Vec<Vec<_>> = members.lines().map(|line| line.split(',').collect()).collect();
    let level = rows[0].iter().position(|name| *name == "low_income_level").unwrap();
    rows[1..].iter_mut().for_each(|row| row[level] = "2");
    let changed: Vec<_> = rows.iter().map(|row| row.join(",")).collect();
    std::fs::write(world.path("changed.csv"), changed.join("\n")).unwrap();
    world.run("import members changed.csv --data pbm --reprocess").done();

    let text = world.run("export drug-events --data pbm").done();
    let rows: Vec<Vec<&str>> = text.lines().map(|line| line.split(',').collect()).collect();
    let cell = |row: &Vec<&str>, name: &str| {
        row[rows[0].iter().position(|known| *known == name).unwrap()].to_owned()
    };
    let sum = |row: &Vec<&str>, names: &[&str]| -> i64 {
        names.iter().map(|name| cell(row, name).replace('.', "").parse::<i64>().unwrap()).sum()
    };
    let mut reported = std::collections::BTreeMap::new();
    let mut codes = std::collections::BTreeMap::<String, u64>::new();
    for row in &rows[1..] {
        let paid = ["ingredient_cost_paid", "dispensing_fee_paid", "vaccine_administration_fee"];
        let tax = "total_amount_attributed_to_sales_tax";
        let gross = sum(row, &paid) + sum(row, &[tax]);
        assert_eq!(gross, sum(row, &["gdcb", "gdca"]), "{row:?}");
        let payers = ["patient_pay_amount", "other_troop_amount", "lics", "plro", "cpp", "npp"];
        let maker = sum(row, &["reported_manufacturer_discount"]);
        assert_eq!(gross, sum(row, &payers) + maker, "{row:?}");
        let (code, claim) = (cell(row, "adjustment_deletion_code"), cell(row, "entry"));
        let claim = if code.is_empty() { claim } else { cell(row, "claim_control_number") };
        let was = reported.insert(claim, code != "D").unwrap_or_default();
        assert_eq!(was, !code.is_empty(), "{row:?}");
        *codes.entry(code).or_default() += 1;
    }
    let summary: Value =
        serde_json::from_str(&world.run("export drug-events --data pbm --json").done()).unwrap();
    for (code, name) in [("", "original"), ("A", "adjustment"), ("D", "deletion")] {
        assert!(codes.contains_key(code), "{name}: {codes:?}");
        assert_eq!(summary[name]["records"], codes[code], "{name}");
    }
}

/// Every transition supply is due a notice, and none is told twice.
#[test]
fn members_are_due_a_notice_of_each_transition_supply() {
    let lines = "\n[part_d.transition]\nwindow = 366\ndays = 90\ntier = 3\n";
    let mut world = World::with(26, None, &[("plans/pdp.toml", lines)]);
    let server = world.serve();
    let mut told = Told::default();
    told.work(&mut world.workload, &mut server.pharmacy(), 600, now().date());
    server.stop();

    let exported = world.run("export transition-notices --data pbm");
    let (_, place) = exported.err.trim().rsplit_once("--from ").unwrap();
    let again = world.run(&format!("export transition-notices --data pbm --from {place}")).done();
    assert_eq!(again, "");
    let text = exported.done();
    let rows: Vec<Vec<&str>> = text.lines().map(|line| line.split(',').collect()).collect();
    let cell = |row: &Vec<&str>, name: &str| {
        row[rows[0].iter().position(|known| *known == name).unwrap()].to_owned()
    };
    for row in &rows[1..] {
        assert_eq!(cell(row, "group"), "CSCPDP");
        assert!(!cell(row, "reject_code").is_empty());
        let decided: Date = cell(row, "recorded")[..10].parse().unwrap();
        let due: Date = cell(row, "due").parse().unwrap();
        assert!((3..=5).contains(&due.days_since(decided)), "{row:?}");
    }
    let events = world.run("export drug-events --data pbm").done();
    let rows_of: Vec<Vec<&str>> = events.lines().map(|line| line.split(',').collect()).collect();
    let transition = rows_of[0].iter().position(|known| *known == "transition").unwrap();
    let code = rows_of[0].iter().position(|known| *known == "adjustment_deletion_code").unwrap();
    let is_supply = |row: &&Vec<&str>| row[transition] == "true" && row[code].is_empty();
    let supplies = rows_of.iter().filter(is_supply).count();
    assert!(supplies > 0 && rows.len() == supplies + 1, "{supplies} of {}", rows.len());
}

#[test]
fn an_export_says_what_is_wrong_with_a_place_and_ends_with_its_reader() {
    let world = World::new(22);
    let said = world.run("export journal --data pbm --from 4:0").refused();
    assert!(said.contains("the journal has 1 shard"), "{said}");
    let said = world.run("export journal --data pbm --from 0:999999").refused();
    assert!(said.contains("the journal ends at"), "{said}");
    let said = world.run("journal show 00000000000000000000 --data pbm").refused();
    assert!(said.contains("has no entry"), "{said}");
    // A full disk behind standard output is told.
    let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let mut command = world.command("export journal --data pbm");
    let output = command.stdout(Stdio::from(full)).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    // A reader that leaves is no failure.
    let mut process =
        world.command("export journal --data pbm").stdout(Stdio::piped()).spawn().unwrap();
    drop(process.stdout.take());
    assert!(process.wait().unwrap().success());
}

#[test]
fn what_is_let_go_of_changes_no_answer() {
    let mut world = World::new(23);
    let server = world.serve();
    let (today, mut told) = (now().date(), Told::default());
    told.work(&mut world.workload, &mut server.pharmacy(), 150, today);
    server.stop();
    let tomorrow = today.plus_days(1);
    let said = world.run(&format!("store retire --data pbm --before {tomorrow}")).refused();
    assert!(said.contains("less than 10 years ago"), "{said}");
    let line = format!("store retire --data pbm --before {tomorrow} --force --json");
    let report =
        |ended: crate::world::Ended| -> Value { serde_json::from_str(&ended.done()).unwrap() };
    let before = world.run("export journal --data pbm").done();
    let would = report(world.run(&format!("{line} --dry-run")));
    assert_eq!(world.run("export journal --data pbm").done(), before);
    let did = report(world.run(&line));
    assert_eq!((&did["entries"], &did["families"]), (&would["entries"], &would["families"]));
    assert_eq!(did["entries"], lines(&before).len());
    assert_eq!(report(world.run(&line))["entries"], 0);

    // Nothing of the claims is left in the files' entries, their places are.
    let after = lines(&world.run("export journal --data pbm").done());
    assert_eq!(after.len(), lines(&before).len());
    assert!(after.iter().all(|line| line["entry"]["event"].get("decided").is_none()));
    world.run("verify --data pbm").done();
    let server = world.serve();
    told.ask_again(&mut server.pharmacy());
    assert_eq!(told.work(&mut world.workload, &mut server.pharmacy(), 100, today), 0);
    server.stop();
    world.run("verify --data pbm").done();
    // A backup of it is the same journal.
    world.run("backup --data pbm --to copy").done();
    world.run("verify --data copy").done();
}

/// What release 0.1.0 wrote is told, refused for reading, and brought up.
#[test]
fn a_store_of_an_earlier_release_is_brought_up() {
    let world = World::new(26);
    world.run("init old").done();
    let fixture =
        concat!(env!("CARGO_MANIFEST_DIR"), "/../../fixtures/stores/0.1.0/journal.sqlite");
    std::fs::create_dir(world.path("old/journal")).unwrap();
    std::fs::copy(fixture, world.path("old/journal/journal.sqlite")).unwrap();
    let status = |name: &str| {
        let text = world.run("store status --data old --json").done();
        serde_json::from_str::<Value>(&text).unwrap()[name].clone()
    };
    let entries = status("entries");
    assert_eq!(status("schema")["found"], 1);
    for line in ["verify --data old", "backup --data old --to copy", "export journal --data old"] {
        let said = world.run(line).refused();
        assert!(said.contains("hint: bring it up to date first: openpbm store migrate"), "{said}");
    }
    // Looking at it and being refused has changed nothing.
    assert_eq!(status("schema")["found"], 1);
    let said = world.run("store migrate --data old").done();
    assert!(said.starts_with("schema 1 is now schema "), "{said}");
    assert_eq!(status("schema")["found"], status("schema")["known"]);
    assert_eq!(status("entries"), entries);
    let exported = lines(&world.run("export journal --data old").done());
    assert_eq!(entries, exported.len());
    assert!(!exported.is_empty());
}

/// The address of a database holds a password; no message and no help shows it.
#[test]
fn the_password_of_a_store_is_never_shown() {
    let world = World::new(24);
    let secret = "postgres://pbm:Sesame@127.0.0.1:1/claims?password=Sesame&connect_timeout=1";
    for line in [
        World::SERVE,
        "verify --data pbm",
        "store status",
        "store migrate",
        "export journal",
        "backup --data other --to copy",
        "restore --from pbm --data new",
        "serve --help",
    ] {
        let mut command = world.command(line);
        let output = command.env("OPENPBM_STORE", secret).output().unwrap();
        let text = [output.stdout, output.stderr].concat();
        let text = String::from_utf8(text).unwrap();
        assert!(!text.contains("Sesame"), "{line}: {text}");
        assert!(line.ends_with("--help") || output.status.code() == Some(1), "{line}: {text}");
    }
    let wrong = world.command("store status").env("OPENPBM_STORE", "mysql://x:Sesame@y").output();
    let wrong = wrong.unwrap();
    assert_eq!(wrong.status.code(), Some(2));
    assert!(!String::from_utf8_lossy(&wrong.stderr).contains("Sesame"));
}

/// A directory has one journal, and nobody begins a second one by leaving out a word.
#[test]
fn a_directory_whose_journal_is_elsewhere_is_not_given_another() {
    let world = World::new(25);
    let url = "postgres://pbm@127.0.0.1:1/claims?connect_timeout=1";
    let said = world.run(&format!("verify --data pbm --store {url}")).refused();
    assert!(said.contains("pbm has a journal of its own"), "{said}");
    world.run("init other").done();
    std::fs::write(world.path("other/journal-is-elsewhere"), "postgres://pbm@db/claims\n").unwrap();
    let said = world.run("import members members.csv --data other").refused();
    assert!(said.contains("the journal of other is in postgres://pbm@db/claims"), "{said}");
}
