//! Claims as pharmacies send them: a member, a drug of the book in its usual quantity, a new
//! prescription number each time. They are encoded as they are sent, which costs the generator
//! less than a microsecond each.

use std::fmt::Write as _;
use std::io;
use std::sync::Arc;

use openpbm_book::Book;
use openpbm_core::{Date, Ndc, Percent, ProductKind, Quantity};
use openpbm_wire::ncpdp::segments::request as segments;
use openpbm_wire::ncpdp::{self, EncodeError, Encoder, RequestHeader};

use super::people::Person;
use crate::dice::Dice;

/// What is dispensed for 30 days.
#[derive(Debug, Clone)]
struct Supply {
    ndc: String,
    /// Thousandths of a unit.
    quantity: i64,
    /// What the pharmacy asks for it.
    charge_cents: i64,
}

/// An endless row of distinct claims.
#[derive(Debug, Clone)]
pub(super) struct Claims {
    people: Arc<[Person]>,
    generics: Vec<Supply>,
    brands: Vec<Supply>,
    /// Days of service: the last four weeks.
    days: Vec<ncpdp::Date>,
    dice: Dice,
    prescription: u64,
    cardholder: String,
    person_code: String,
    number: String,
}

/// Mostly retail, now and then by mail.
const PHARMACIES: [&str; 6] =
    ["1999000015", "1999000015", "1999000015", "1999000023", "1999000023", "1999000031"];
const PRESCRIBERS: [&str; 2] = ["1999000114", "1999000122"];
/// Of a hundred fills in the United States about ninety are generics.
const GENERICS_OF_100: usize = 90;
/// One fill in so many is for 90 days.
const LONG_FILLS: usize = 10;

impl Claims {
    /// Claims of these members, received on `today`, with prescription numbers from `first` on.
    /// `None` if the book has no drug with a usual quantity and a price.
    pub(super) fn new(book: &Book, people: Arc<[Person]>, today: Date, first: u64) -> Option<Self> {
        let generics = supplies(book, ProductKind::Generic, today);
        let brands = supplies(book, ProductKind::Brand, today);
        if generics.is_empty() || brands.is_empty() || people.is_empty() {
            return None;
        }
        Some(Self {
            people,
            generics,
            brands,
            days: (0..28).filter_map(|back| wire_date(today.plus_days(-back))).collect(),
            dice: Dice::new(first.wrapping_mul(0x9E37_79B9_7F4A_7C15)),
            prescription: first,
            cardholder: String::new(),
            person_code: String::new(),
            number: String::new(),
        })
    }

    /// Appends the next claim between STX and ETX.
    pub(super) fn encode(&mut self, out: &mut Vec<u8>) -> io::Result<()> {
        out.push(0x02);
        self.transmission(out).map_err(io::Error::other)?;
        out.push(0x03);
        Ok(())
    }

    fn transmission(&mut self, out: &mut Vec<u8>) -> Result<(), EncodeError> {
        let dice = &mut self.dice;
        let pharmacy = dice.pick(&PHARMACIES).copied().unwrap_or_default();
        let prescriber = dice.pick(&PRESCRIBERS).copied().unwrap_or_default();
        let date = dice.pick(&self.days).copied();
        let generic = dice.roll(100) < GENERICS_OF_100;
        let supplies = if generic { &self.generics } else { &self.brands };
        let months = if dice.roll(LONG_FILLS) == 0 { 3 } else { 1 };
        // Neither list is empty.
        let Some(person) = dice.pick(&self.people) else { return Ok(()) };
        let Some(supply) = dice.pick(supplies) else { return Ok(()) };

        let header = header(pharmacy, date);
        let mut encoder = Encoder::new(out, &header);
        self.cardholder.clear();
        self.person_code.clear();
        self.number.clear();
        // Writing to a string does not fail.
        let _ = person.write_cardholder(&mut self.cardholder);
        let _ = write!(self.person_code, "{:02}", person.number);
        let _ = write!(self.number, "{:012}", self.prescription);
        self.prescription += 1;
        who(&mut encoder, person, &self.cardholder, &self.person_code);
        encoder.transaction();
        what(&mut encoder, supply, &self.number, date, months);
        encoder.segment(&segments::Prescriber {
            prescriber_id_qualifier: "01".into(),
            prescriber_id: prescriber.into(),
            ..Default::default()
        });
        let charge_cents = supply.charge_cents.saturating_mul(months);
        encoder.segment(&segments::Pricing {
            ingredient_cost_cents: charge_cents.into(),
            usual_and_customary_cents: charge_cents.into(),
            gross_amount_due_cents: charge_cents.into(),
            basis_of_cost_determination: "01".into(),
            ..Default::default()
        });
        encoder.finish()
    }
}

fn header(pharmacy: &'static str, date: Option<ncpdp::Date>) -> RequestHeader<'static> {
    RequestHeader {
        bin: "900001".into(),
        version: ncpdp::VERSION.into(),
        transaction_code: "B1".into(),
        processor_control_number: "OPENPBM".into(),
        transaction_count: 1.into(),
        service_provider_id_qualifier: "01".into(),
        service_provider_id: pharmacy.into(),
        date_of_service: date.into(),
        software_vendor: "BENCH".into(),
    }
}

/// Patient and insurance.
fn who(encoder: &mut Encoder<'_>, person: &Person, cardholder: &str, person_code: &str) {
    let (first_name, last_name) = person.names();
    encoder.segment(&segments::Patient {
        date_of_birth: wire_date(person.birth).into(),
        gender: (if person.is_female() { 2 } else { 1 }).into(),
        first_name: first_name.into(),
        last_name: last_name.into(),
        place_of_service: 1.into(),
        ..Default::default()
    });
    encoder.segment(&segments::Insurance {
        cardholder_id: cardholder.into(),
        group_id: person.group().into(),
        person_code: person_code.into(),
        patient_relationship_code: u32::from(person.number.min(3)).into(),
        ..Default::default()
    });
}

/// The claim segment.
fn what(
    encoder: &mut Encoder<'_>,
    supply: &Supply,
    number: &str,
    date: Option<ncpdp::Date>,
    months: i64,
) {
    let days = if months == 1 { 30 } else { 90 };
    encoder.segment(&segments::Claim {
        prescription_reference_number_qualifier: "1".into(),
        prescription_reference_number: number.into(),
        product_id_qualifier: "03".into(),
        product_id: supply.ndc.as_str().into(),
        quantity_dispensed: supply.quantity.saturating_mul(months).into(),
        fill_number: 0.into(),
        days_supply: days.into(),
        compound_code: 1.into(),
        dispense_as_written: "0".into(),
        date_prescription_written: date.into(),
        refills_authorized: 5.into(),
        prescription_origin_code: 3.into(),
        ..Default::default()
    });
}

/// Every prescription drug of the kind that has a usual quantity and a price.
fn supplies(book: &Book, kind: ProductKind, today: Date) -> Vec<Supply> {
    let drugs = book.drugs();
    let of_kind = drugs.ids().filter_map(|id| Some((drugs.drug(id)?.ndc, drugs.product(id)?)));
    let usual = of_kind.filter(|(_, product)| product.kind == kind && !product.otc);
    usual
        .filter_map(|(ndc, product)| {
            let quantity = product.usual_30?;
            let charge_cents = charge_cents(book, ndc, quantity, today)?;
            let quantity = i64::try_from(quantity.thousandths()).ok()?;
            Some(Supply { ndc: ndc.to_string(), quantity, charge_cents })
        })
        .collect()
}

/// The price of the first list that has one, and a third on top: what pharmacies usually ask is
/// more than what plans pay.
fn charge_cents(book: &Book, ndc: Ndc, quantity: Quantity, today: Date) -> Option<i64> {
    let price = book.lists().iter().find_map(|list| list.price(ndc, today))?;
    let charge = price.unit.extend(Percent::from_basis_points(13_300)?, quantity).ok()?;
    Some(charge.get().max(500))
}

fn wire_date(date: Date) -> Option<ncpdp::Date> {
    let (year, month, day) = date.ymd();
    ncpdp::Date::new(u16::try_from(year).ok()?, month, day)
}
