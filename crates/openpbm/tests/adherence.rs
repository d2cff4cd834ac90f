//! Adherence to medications, from the claims of invented members to the report.

use openpbm_core::{
    Claim, Completed, Date, Details, DrugUse, PartialFill, PrescriptionNumber, Reversal,
};
use openpbm_model::Status;
use openpbm_model::workload::Operation;
use serde_json::{Value, json};

use crate::world::{self, Patient, Pharmacy, World, now};

/// Covered in 2025: a year that is over, whenever this runs.
const MEMBERS: &str = "\
cardholder_id,person_code,group,first_name,last_name,birth,sex,relationship,from,to,\
diagnoses,allergies,pregnant_until
CSC500001,01,CSCPPO,Nora,Quill,1960-02-03,female,subscriber,2025-01-01,,,,
CSC500001,02,CSCPPO,Omar,Quill,1958-06-07,male,spouse,2025-01-01,,,,
CSC500001,03,CSCPPO,Pia,Quill,2010-10-11,female,child,2025-01-01,,,,
CSC500002,01,CSCPPO,Rosa,Vale,1961-12-13,female,subscriber,2025-01-01,,,,
CSC500002,02,CSCPPO,Hugo,Vale,1959-09-14,male,spouse,2025-01-01,,,,
CSC500003,01,CSCPPO,Ida,Thorn,1970-04-15,female,subscriber,2025-01-01,,,,
CSC500003,02,CSCPPO,Max,Thorn,1971-05-16,male,spouse,2025-01-01,,,,
";

const BIRTHS: [(&str, &str); 7] = [
    ("CSC500001/01", "1960-02-03"),
    ("CSC500001/02", "1958-06-07"),
    ("CSC500001/03", "2010-10-11"),
    ("CSC500002/01", "1961-12-13"),
    ("CSC500002/02", "1959-09-14"),
    ("CSC500003/01", "1970-04-15"),
    ("CSC500003/02", "1971-05-16"),
];

const DRUGS: [(&str, &str); 5] = [
    ("metformin", "65862000801"),
    ("Lantus", "00088222033"),
    ("lisinopril", "00591040701"),
    ("Entresto", "00078065920"),
    ("atorvastatin", "60505257909"),
];

/// Who, what, the day of service in 2025, the days supply, and for a part of a fill `P` or the day
/// of the part that it completes.
const CLAIMS: [(&str, &str, &str, u16, &str); 25] = [
    // Nora: 01-01..03-31, 04-01..06-29, 07-01..09-28, 10-01..12-29: 360 of 365 days.
    ("CSC500001/01", "metformin", "01-01", 90, ""),
    ("CSC500001/01", "metformin", "03-25", 90, ""),
    ("CSC500001/01", "metformin", "07-01", 90, ""),
    ("CSC500001/01", "metformin", "10-01", 90, ""),
    // And one fill of others.
    ("CSC500001/01", "atorvastatin", "01-01", 90, ""),
    ("CSC500001/01", "lisinopril", "06-01", 30, ""),
    // Omar: 90 days, and 90 from 05-01 on; what he brought back on 04-10 is none.
    ("CSC500001/02", "atorvastatin", "01-01", 90, ""),
    ("CSC500001/02", "atorvastatin", "04-10", 90, "reversed"),
    ("CSC500001/02", "atorvastatin", "05-01", 90, ""),
    // Pia is a child.
    ("CSC500001/03", "metformin", "01-01", 90, ""),
    ("CSC500001/03", "metformin", "04-01", 90, ""),
    // Rosa has insulin, too.
    ("CSC500002/01", "metformin", "01-01", 90, ""),
    ("CSC500002/01", "metformin", "04-01", 90, ""),
    ("CSC500002/01", "Lantus", "05-01", 30, ""),
    // Hugo: 90, 90 and 30 days.
    ("CSC500002/02", "lisinopril", "01-01", 90, ""),
    ("CSC500002/02", "lisinopril", "04-01", 90, ""),
    ("CSC500002/02", "lisinopril", "07-10", 30, ""),
    // Ida: one fill, in two parts.
    ("CSC500003/01", "atorvastatin", "01-01", 10, "P"),
    ("CSC500003/01", "atorvastatin", "01-05", 20, "01-01"),
    // She begins with lisinopril in October.
    ("CSC500003/01", "lisinopril", "10-02", 30, ""),
    ("CSC500003/01", "lisinopril", "11-01", 30, ""),
    // Max fills what is not measured.
    ("CSC500003/02", "Entresto", "01-01", 30, ""),
    ("CSC500003/02", "Entresto", "02-01", 30, ""),
    ("CSC500003/02", "Entresto", "03-01", 30, ""),
    ("CSC500003/02", "Lantus", "03-01", 30, ""),
];

fn day(text: &str) -> Date {
    format!("2025-{text}").parse().unwrap()
}

/// The sample book, a year earlier, with partial fills, and claims taken as late as this test runs.
fn publish(world: &World) {
    let sample = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../sample");
    for (path, text) in openpbm_model::Documents::load(&sample).unwrap().iter() {
        if path == "members.csv" || path == "README.md" {
            continue;
        }
        let mut text = text.replace("2026-", "2025-");
        text = text.replace("claims_accepted_for = 365", "claims_accepted_for = 9999");
        if path == "plans/ppo.toml" {
            text.push_str("\n[partial_fills]\ndispensing_fee = \"first\"\ncopay = \"first\"\n");
        }
        let file = world.path("book").join(path);
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(file, text).unwrap();
    }
    world.run("book publish book --data last").done();
    std::fs::write(world.path("last.csv"), MEMBERS).unwrap();
    world.run("import members last.csv --data last").done();
}

/// The number of the prescription in a row of the table.
fn number(place: usize) -> PrescriptionNumber {
    PrescriptionNumber::new(u64::try_from(place).unwrap() + 1).unwrap()
}

/// The claim in a row of the table; a completion completes the fill of the row before.
fn claim(place: usize) -> Claim {
    let (who, drug, from, days, part) = CLAIMS[place];
    let (card, person) = who.split_once('/').unwrap();
    let find = |pairs: &[(&str, &'static str)], key: &str| {
        pairs.iter().find(|(known, _)| *known == key).unwrap().1
    };
    let quantity = if drug == "Lantus" { "10".to_owned() } else { days.to_string() };
    let completes = (part.len() == 5)
        .then(|| Completed { prescription: number(place - 1), date_of_service: day(part) });
    let partial = (part == "P" || completes.is_some()).then(|| PartialFill {
        quantity_intended: "30".parse().unwrap(),
        days_intended: 30,
        completes,
    });
    let drug = DrugUse {
        ndc: find(&DRUGS, drug).parse().unwrap(),
        quantity: quantity.parse().unwrap(),
        days_supply: days,
    };
    let patient = Patient { card, person, group: "CSCPPO", birth: find(&BIRTHS, who) };
    Claim {
        received: now().date(),
        details: Details { partial, ..Details::default() },
        ..world::claim(&patient, number(place).number(), day(from), drug)
    }
}

fn dispense(pharmacy: &mut Pharmacy) {
    for (place, (who, drug, from, _, part)) in CLAIMS.iter().enumerate() {
        let claim = claim(place);
        let key = claim.key;
        let (family, reversal) = (claim.cardholder, Reversal::of_rebill(&claim));
        let reply = pharmacy.ask(&Operation::bill(claim));
        assert_eq!(reply.status, Status::Paid, "{who} {drug} {from} {key:?}: {reply:?}");
        if *part == "reversed" {
            let reply = pharmacy.ask(&Operation::reverse(family, reversal));
            assert_eq!(reply.status, Status::Accepted, "{reply:?}");
        }
    }
}

fn report(world: &World, words: &str) -> Value {
    let line = format!("export adherence --data last --year 2025 --json{words}");
    serde_json::from_str(&world.run(&line).done()).unwrap()
}

#[test]
fn the_report_has_what_members_filled() {
    let world = World::new(27);
    publish(&world);
    let server = world.serve_from("last");
    dispense(&mut server.pharmacy());
    server.stop();

    let said = world.run("export adherence --data last --year 2025 --to members.csv");
    let members = "\
measure,group,cardholder_id,person_code,first_fill,last_day,fills,days_covered,days,pdc,adherent
diabetes,CSCPPO,CSC500001,01,2025-01-01,2025-12-31,4,360,365,98.6,true
ras,CSCPPO,CSC500002,02,2025-01-01,2025-12-31,3,210,365,57.5,false
statins,CSCPPO,CSC500001,02,2025-01-01,2025-12-31,2,180,365,49.3,false
";
    assert_eq!(std::fs::read_to_string(world.path("members.csv")).unwrap(), members);
    assert!(said.err.contains("3 lines written; they are about patients"), "{}", said.err);
    let text = "\
diabetes: 1 of 1 member adherent, 100.0%
  Adherence to diabetes medications, 2025-01-01 to 2025-12-31
  left out: another drug 1, under 18 1
ras: 0 of 1 member adherent, 0.0%
  Adherence to RAS antagonists, 2025-01-01 to 2025-12-31
  left out: one fill 1, begun too late 1
statins: 0 of 1 member adherent, 0.0%
  Adherence to statins, 2025-01-01 to 2025-12-31
  left out: one fill 2
";
    assert_eq!(said.done(), text);
    #[cfg(unix)]
    {
        let made = std::fs::metadata(world.path("members.csv")).unwrap();
        assert_eq!(std::os::unix::fs::PermissionsExt::mode(&made.permissions()) & 0o077, 0);
    }

    // Half a year: of Omar's 181 days 90 and 61, from 05-01 on, are covered.
    let half = report(&world, " --through 2025-06-30 --measure statins");
    let left_out = json!({"young": 0, "not_covered": 0, "one_fill": 2, "late": 0, "excluded": 0});
    let expected = json!([{
        "measure": "statins", "name": "Adherence to statins",
        "from": "2025-01-01", "to": "2025-06-30",
        "members": 1, "adherent": 1, "rate": "100.0", "left_out": left_out,
    }]);
    assert_eq!(half, expected);
    let nobody = report(&world, " --group CSCMCD --measure statins");
    assert_eq!((&nobody[0]["members"], &nobody[0]["rate"]), (&json!(0), &Value::Null));

    // Hugo's coverage turns out to have ended: 180 of 181 days, and his last fill is none.
    let changed = MEMBERS.replace(
        "Hugo,Vale,1959-09-14,male,spouse,2025-01-01,",
        "Hugo,Vale,1959-09-14,male,spouse,2025-01-01,2025-06-30",
    );
    assert_ne!(changed, MEMBERS);
    std::fs::write(world.path("changed.csv"), changed).unwrap();
    let said = world.run("import members changed.csv --data last --reprocess").done();
    assert!(said.contains("1 claim of 1 family adjusted"), "{said}");
    let ended = report(&world, "");
    assert_eq!((&ended[1]["adherent"], &ended[1]["rate"]), (&json!(1), &json!("100.0")));

    // What is carried on when entries are let go of comes to the same.
    let tomorrow = now().date().plus_days(1);
    world.run(&format!("store retire --data last --before {tomorrow} --force")).done();
    assert_eq!(report(&world, ""), ended);
}

#[test]
fn what_cannot_be_measured_is_told() {
    let world = World::new(28);
    let said = world.run("export adherence --data pbm --year 2026 --measure statin").refused();
    assert!(said.contains("the book has no measure `statin`"), "{said}");
    assert!(said.contains("hint: its measures are diabetes, ras, statins"), "{said}");
    let line = "export adherence --data pbm --year 2026 --through 2025-12-31";
    let said = world.run(line).refused();
    assert!(said.contains("found --through 2025-12-31 with --year 2026"), "{said}");
    let said = world.run("export adherence --data pbm --year 12026").refused();
    assert!(said.contains("12026 is no year of the calendar"), "{said}");
    std::fs::remove_file(world.path("documents/measures.toml")).unwrap();
    world.run("book publish documents --data pbm").done();
    let said = world.run("export adherence --data pbm --year 2026").refused();
    assert!(said.contains("has no measures"), "{said}");
}
