//! Sample traffic: invented households that fill, refill, take back and mistype, over the same
//! TCP connection that a pharmacy uses.

use std::fmt::Write as _;
use std::net::SocketAddr;
use std::time::Duration;

use openpbm_core::Date;
use openpbm_wire::ncpdp::segments::request as segments;
use openpbm_wire::ncpdp::{self, Encoder, RequestHeader};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::dice::Dice;

/// One invented person.
struct Person {
    cardholder: String,
    person_code: String,
    group: &'static str,
    birth: Date,
    female: bool,
}

/// Everyone that the traffic is about.
pub(crate) struct Households {
    people: Vec<Person>,
    names: Vec<(&'static str, &'static str)>,
}

const FIRST_NAMES: [(&str, bool); 12] = [
    ("Maya", true),
    ("Noah", false),
    ("Ines", true),
    ("Omar", false),
    ("Tess", true),
    ("Hugo", false),
    ("Leila", true),
    ("Marek", false),
    ("Yuki", true),
    ("Andre", false),
    ("Freya", true),
    ("Kofi", false),
];
const LAST_NAMES: [&str; 10] = [
    "Example", "Sample", "Fixture", "Specimen", "Demo", "Pattern", "Model", "Mockup", "Instance",
    "Token",
];

impl Households {
    const FAMILIES: u32 = 200;

    pub(crate) fn new() -> Self {
        let mut dice = Dice::new(0x0B5E_55ED_CA5C_ADE5);
        let (mut people, mut names) = (Vec::new(), Vec::new());
        for family in 0..Self::FAMILIES {
            let group = ["CSCPPO", "CSCPPO", "CSCPPO", "CSCHDHP", "CSCMCD"];
            let group = dice.pick(&group).copied().unwrap_or("CSCPPO");
            let last = dice.pick(&LAST_NAMES).copied().unwrap_or("Example");
            for person in 0..=dice.roll(3) {
                let (first, female) = dice.pick(&FIRST_NAMES).copied().unwrap_or(("Ada", true));
                let age = if person < 2 { 25 + dice.roll(45) } else { 3 + dice.roll(15) };
                let year = 2026_i32.saturating_sub(i32::try_from(age).unwrap_or(40));
                let month = u8::try_from(1 + dice.roll(12)).unwrap_or(1);
                let day = u8::try_from(1 + dice.roll(28)).unwrap_or(1);
                people.push(Person {
                    cardholder: format!("CSC9{family:05}"),
                    person_code: format!("{:02}", person + 1),
                    group,
                    birth: Date::new(year, month, day).unwrap_or(Date::FIRST),
                    female,
                });
                names.push((first, last));
            }
        }
        Self { people, names }
    }

    /// The members as an enrollment file.
    pub(crate) fn csv(&self) -> String {
        let mut csv = "cardholder_id,person_code,group,first_name,last_name,birth,sex,\
                       relationship,from,to,diagnoses,allergies,pregnant_until\n"
            .to_owned();
        for (person, (first, last)) in self.people.iter().zip(&self.names) {
            let sex = if person.female { "female" } else { "male" };
            let relationship = match person.person_code.as_str() {
                "01" => "subscriber",
                "02" => "spouse",
                _ => "child",
            };
            // Writing to a string does not fail.
            let _ = writeln!(
                csv,
                "{},{},{},{first},{last},{},{sex},{relationship},2026-01-01,,,,",
                person.cardholder, person.person_code, person.group, person.birth
            );
        }
        csv
    }
}

/// What pharmacies dispense in the demo: NDC, units for 30 days, and the usual charge in cents
/// for them.
const DRUGS: [(&str, u32, i64); 24] = [
    ("60505257909", 30, 1899),
    ("68180098003", 30, 999),
    ("67877056110", 60, 1250),
    ("16714061204", 30, 1799),
    ("00003089421", 60, 79_900),
    ("00597015230", 30, 69_900),
    ("00310621030", 30, 64_900),
    ("00169418113", 3, 119_900),
    ("00088221905", 15, 12_900),
    ("00093007401", 30, 1599),
    ("55111029236", 9, 3999),
    ("00054074287", 9, 4999),
    ("00093310905", 30, 1499),
    ("65862064169", 6, 1999),
    ("00406051201", 28, 1899),
    ("00093083201", 60, 1599),
    ("58151015677", 30, 68_900),
    ("00093534356", 6, 1999),
    ("68462039790", 30, 1799),
    ("00378180910", 30, 1299),
    ("00074055402", 2, 719_900),
    ("00113060462", 30, 699),
    ("13668018090", 30, 1599),
    ("65862037401", 30, 1499),
];

const PHARMACIES: [&str; 7] = [
    "1999000015",
    "1999000015",
    "1999000015",
    "1999000023",
    "1999000023",
    "1999000031",
    "1999000049",
];

/// One request of the demo, kept so that it can be sent again or taken back.
#[derive(Clone)]
struct Fill {
    person: usize,
    pharmacy: &'static str,
    prescriber: &'static str,
    prescription: u64,
    fill: u32,
    drug: usize,
    days: u32,
    date: Date,
    mistake: bool,
}

/// Sends about five requests a second until the connection ends.
pub(crate) async fn run(ncpdp: SocketAddr, households: Households, today: Date) {
    let mut dice = Dice::new(0x5EED_0F7A_FF1C_0001);
    let Ok(mut stream) = TcpStream::connect(ncpdp).await else { return };
    let mut sent: Vec<Fill> = Vec::new();
    let mut prescription = 1_000_000;
    let mut request = Vec::new();
    loop {
        let (code, fill) = next(&mut dice, &households, &mut sent, &mut prescription, today);
        request.clear();
        request.push(0x02);
        if encode(code, &fill, &households, &mut request).is_ok() {
            request.push(0x03);
            if exchange(&mut stream, &request).await.is_err() {
                return;
            }
        }
        let pause = 60 + u64::try_from(dice.roll(280)).unwrap_or(0);
        tokio::time::sleep(Duration::from_millis(pause)).await;
    }
}

async fn exchange(stream: &mut TcpStream, request: &[u8]) -> std::io::Result<()> {
    stream.write_all(request).await?;
    let mut buffer = [0; 4096];
    loop {
        let read = stream.read(&mut buffer).await?;
        let chunk = buffer.get(..read).unwrap_or_default();
        if read == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        if chunk.contains(&0x03) {
            return Ok(());
        }
    }
}

/// Mostly new fills; now and then a refill, the same again, a reversal, or a mistake.
fn next(
    dice: &mut Dice,
    households: &Households,
    sent: &mut Vec<Fill>,
    prescription: &mut u64,
    today: Date,
) -> (&'static str, Fill) {
    let earlier = dice.pick(sent).cloned();
    match (dice.roll(100), earlier) {
        (0..4, Some(fill)) => return ("B2", fill),
        (4..7, Some(fill)) => return ("B1", fill),
        (7..27, Some(fill)) => {
            let early = dice.roll(3) == 0;
            let after = if early { fill.days / 2 } else { fill.days };
            let date = fill.date.plus_days(i64::from(after));
            if date <= today {
                let refill = Fill { fill: fill.fill + 1, date, ..fill };
                sent.push(refill.clone());
                return ("B1", refill);
            }
        }
        _ => {}
    }
    *prescription += 1;
    let drug = dice.roll(DRUGS.len());
    let long = dice.roll(6) == 0;
    let back = i64::try_from(dice.roll(45)).unwrap_or(0);
    let sanctioned = dice.roll(40) == 0;
    let fill = Fill {
        person: dice.roll(households.people.len()),
        pharmacy: dice.pick(&PHARMACIES).copied().unwrap_or("1999000015"),
        prescriber: if sanctioned { "1999000130" } else { "1999000114" },
        prescription: *prescription,
        fill: 0,
        drug,
        days: if long { 90 } else { 30 },
        date: today.plus_days(-back),
        mistake: dice.roll(50) == 0,
    };
    sent.push(fill.clone());
    ("B1", fill)
}

fn encode(
    code: &str,
    fill: &Fill,
    households: &Households,
    out: &mut Vec<u8>,
) -> Result<(), ncpdp::EncodeError> {
    let Some(person) = households.people.get(fill.person) else { return Ok(()) };
    let Some(&(ndc, units, charge)) = DRUGS.get(fill.drug) else { return Ok(()) };
    let months = i64::from(fill.days / 30).max(1);
    let header = RequestHeader {
        bin: "900001".into(),
        version: ncpdp::VERSION.into(),
        transaction_code: code.into(),
        processor_control_number: "OPENPBM".into(),
        transaction_count: 1.into(),
        service_provider_id_qualifier: "01".into(),
        service_provider_id: fill.pharmacy.into(),
        date_of_service: wire_date(fill.date).into(),
        software_vendor: "DEMO".into(),
    };
    let mut encoder = Encoder::new(out, &header);
    encoder.segment(&segments::Patient {
        date_of_birth: wire_date(person.birth).into(),
        gender: (if person.female { 2 } else { 1 }).into(),
        ..Default::default()
    });
    encoder.segment(&segments::Insurance {
        cardholder_id: person.cardholder.as_str().into(),
        group_id: person.group.into(),
        person_code: person.person_code.as_str().into(),
        ..Default::default()
    });
    encoder.transaction();
    let number = format!("{:012}", fill.prescription);
    let ndc = if fill.mistake { "12345" } else { ndc };
    encoder.segment(&segments::Claim {
        prescription_reference_number_qualifier: "1".into(),
        prescription_reference_number: number.as_str().into(),
        product_id_qualifier: "03".into(),
        product_id: ndc.into(),
        quantity_dispensed: (i64::from(units) * 1000 * months).into(),
        fill_number: fill.fill.into(),
        days_supply: fill.days.into(),
        compound_code: 1.into(),
        dispense_as_written: "0".into(),
        ..Default::default()
    });
    if code == "B1" {
        encoder.segment(&segments::Prescriber {
            prescriber_id_qualifier: "01".into(),
            prescriber_id: fill.prescriber.into(),
            ..Default::default()
        });
        encoder.segment(&segments::Pricing {
            ingredient_cost_cents: (charge * months).into(),
            usual_and_customary_cents: (charge * months).into(),
            gross_amount_due_cents: (charge * months).into(),
            ..Default::default()
        });
    }
    encoder.finish()
}

fn wire_date(date: Date) -> Option<ncpdp::Date> {
    let (year, month, day) = date.ymd();
    ncpdp::Date::new(u16::try_from(year).ok()?, month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_drug_of_the_traffic_is_in_the_sample() {
        let table = crate::sample::BOOK.iter().find(|(path, _)| *path == "drugs/sample.csv");
        let table = table.unwrap().1;
        for (ndc, _, _) in DRUGS {
            assert!(ndc.parse::<openpbm_core::Ndc>().is_ok() && table.contains(ndc), "{ndc}");
        }
    }
}
