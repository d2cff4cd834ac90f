//! The Prescription Payment Plan, from the claims of invented members over months to their bills.

use std::path::Path;
use std::process::Command;

use openpbm_core::{Claim, Date, DrugUse, Reversal};
use openpbm_model::Status;
use openpbm_model::workload::Operation;
use serde_json::{Value, json};

use crate::world::{self, Patient, Server, World, ended, now};

const ELIQUIS: (&str, &str) = ("00003089421", "60");
const JARDIANCE: (&str, &str) = ("00597015230", "30");

/// A world whose program lives on another day.
struct Months {
    world: World,
    year: i32,
}

impl Months {
    fn new(seed: u64) -> Self {
        let world = World::new(seed);
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/clock.c");
        let mut compiler = Command::new("cc");
        compiler.args(["-shared", "-fPIC", "-O1", "-o"]).arg(world.path("clock.so"));
        assert!(compiler.arg(source).arg("-ldl").status().unwrap().success());
        Self { world, year: now().date().ymd().0 }
    }

    fn day(&self, text: &str) -> Date {
        format!("{}-{text}", self.year).parse().unwrap()
    }

    /// The program at that time of a day.
    fn command(&self, day: &str, line: &str) -> Command {
        let days = self.day(day).days_since(now().date());
        std::fs::write(self.world.path("jump"), (days * 86_400).to_string()).unwrap();
        let mut command = self.world.command(line);
        command.env("LD_PRELOAD", self.world.path("clock.so"));
        command.env("CLOCK_JUMP", self.world.path("jump"));
        command
    }

    /// Nora and Omar, whose spans in the plan these are.
    fn enroll(&self, day: &str, nora: &str, omar: &str) {
        let year = self.year;
        let members = format!(
            "cardholder_id,person_code,group,first_name,last_name,birth,sex,relationship,from,to,\
             diagnoses,allergies,pregnant_until,payment_plan\n\
             CSC500001,01,CSCPDP,Nora,Quill,1950-02-03,female,subscriber,{year}-01-01,,,,,{nora}\n\
             CSC500002,01,CSCPDP,Omar,Quill,1948-06-07,male,subscriber,{year}-01-01,,,,,{omar}\n"
        );
        std::fs::write(self.world.path("plan.csv"), members).unwrap();
        ended(&mut self.command(day, "import members plan.csv --data pbm")).done();
    }

    fn serve(&self, day: &str, work: impl FnOnce(&mut crate::world::Pharmacy)) {
        let server = Server::start(self.command(day, World::SERVE));
        work(&mut server.pharmacy());
        server.stop();
    }

    fn claim(&self, card: &str, number: u64, day: &str, (ndc, quantity): (&str, &str)) -> Claim {
        let birth = if card == "CSC500001" { "1950-02-03" } else { "1948-06-07" };
        let drug = DrugUse {
            ndc: ndc.parse().unwrap(),
            quantity: quantity.parse().unwrap(),
            days_supply: 30,
        };
        let patient = Patient { card, person: "01", group: "CSCPDP", birth };
        world::claim(&patient, number, self.day(day), drug)
    }

    fn bill(&self, card: &str, number: u64, day: &str, drug: (&str, &str)) {
        self.serve(day, |pharmacy| {
            let reply = pharmacy.ask(&Operation::bill(self.claim(card, number, day, drug)));
            assert_eq!(reply.status, Status::Paid, "{card} {day}: {reply:?}");
        });
    }

    fn export(&self, words: &str) -> crate::world::Ended {
        self.world.run(&format!("export payment-plan --data pbm --year {}{words}", self.year))
    }
}

/// Nora opts in for April after 232.50 at the counter, and brings May's fill back in June; Omar is
/// in from the beginning, and leaves after March. By hand, with a threshold of 2,100.00 and a
/// deductible of 615.00 that all of it lies in but for a part of Nora's Jardiance
/// of 198.50, 150.00 + 25% of 48.50 = 162.13:
///
/// - Nora: (2100 - 232.50) / 9 = 207.50; (25.00 + 162.13) / 8 = 23.39; (163.74 - 162.13) / 7
///   = 0.23, and so on to the last 0.23.
/// - Omar: 2100 / 12 = 175.00 in January, of nothing; a tenth of March's 198.50 is 19.85, and so
///   it stays.
#[test]
fn the_bills_follow_the_claims() {
    let months = Months::new(29);
    let year = months.year;
    let from = |day: &str| format!("{year}-{day}..");
    // Omar opts in at once, Nora during the year.
    months.enroll("01-02", "", &from("01-01"));
    months.bill("CSC500001", 1, "01-15", ELIQUIS);
    months.bill("CSC500002", 2, "03-10", JARDIANCE);
    months.enroll("03-28", &from("04-01"), &format!("{year}-01-01..{year}-03-31"));
    months.bill("CSC500001", 3, "04-10", ELIQUIS);
    months.bill("CSC500002", 4, "04-11", JARDIANCE);
    months.bill("CSC500001", 5, "05-10", JARDIANCE);
    months.serve("06-20", |pharmacy| {
        let claim = months.claim("CSC500001", 5, "05-10", JARDIANCE);
        let (family, reversal) = (claim.cardholder, Reversal::of_rebill(&claim));
        let reply = pharmacy.ask(&Operation::reverse(family, reversal));
        assert_eq!(reply.status, Status::Accepted, "{reply:?}");
    });

    let june = months.export(&format!(" --through {year}-06-30 --to june.csv"));
    let bills = format!(
        "\
group,cardholder_id,person_code,month,cap_of,cap,cost,credit,billed,refunded,owed
CSCPDP,CSC500001,01,{year}-04,first,207.50,232.50,0.00,207.50,0.00,25.00
CSCPDP,CSC500001,01,{year}-05,later,23.39,162.13,0.00,23.39,0.00,163.74
CSCPDP,CSC500001,01,{year}-06,later,0.23,0.00,162.13,0.23,0.00,1.38
CSCPDP,CSC500002,01,{year}-01,first,175.00,0.00,0.00,0.00,0.00,0.00
CSCPDP,CSC500002,01,{year}-02,later,0.00,0.00,0.00,0.00,0.00,0.00
CSCPDP,CSC500002,01,{year}-03,later,19.85,198.50,0.00,19.85,0.00,178.65
CSCPDP,CSC500002,01,{year}-04,later,19.85,0.00,0.00,19.85,0.00,158.80
CSCPDP,CSC500002,01,{year}-05,later,19.85,0.00,0.00,19.85,0.00,138.95
CSCPDP,CSC500002,01,{year}-06,later,19.85,0.00,0.00,19.85,0.00,119.10
"
    );
    assert_eq!(std::fs::read_to_string(months.world.path("june.csv")).unwrap(), bills);
    assert!(june.err.contains("9 lines written; they are about patients"), "{}", june.err);
    let text = format!(
        "\
{year}, through {year}-06-30: 2 members in the payment plan
  owed at pharmacies $593.13, billed $310.52, left $120.48
  taken back $162.13, of it refunded $0.00
  1 member has left it, of whom $119.10 are left
"
    );
    assert_eq!(june.done(), text);

    let whole: Value = serde_json::from_str(&months.export(" --json").done()).unwrap();
    let expected = json!({
        "year": year, "members": 2, "cost": 59_313, "credit": 16_213, "billed": 43_100,
        "refunded": 0, "owed": 0, "left": 1, "owed_by_left": 0,
    });
    assert_eq!(whole, expected);
    let nobody: Value =
        serde_json::from_str(&months.export(" --json --group CSCPPO").done()).unwrap();
    assert_eq!((&nobody["members"], &nobody["billed"]), (&json!(0), &json!(0)));
    ended(&mut months.command("06-21", "verify --data pbm")).done();
}

#[test]
fn what_cannot_be_billed_is_told() {
    let world = World::new(30);
    let line = "export payment-plan --data pbm --year 2026 --through 2025-12-31";
    let said = world.run(line).refused();
    assert!(said.contains("found --through 2025-12-31 with --year 2026"), "{said}");
    let said = world.run("export payment-plan --data pbm --year 12026").refused();
    assert!(said.contains("12026 is no year of the calendar"), "{said}");
    let said = world.run("export payment-plan --data pbm --year 2024").done();
    let nobody = "2024: 0 members in the payment plan\n  owed at pharmacies $0.00, billed $0.00, \
                  left $0.00\n";
    assert_eq!(said, nobody);
}
