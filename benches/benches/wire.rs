//! D.0 decoding and encoding: a billing request of about 500 bytes and its paid answer.
//!
//! `cargo bench -p openpbm-benches --bench wire`

use divan::{Bencher, black_box, counter::BytesCount, counter::ItemsCount};
use openpbm_wire::ncpdp::segments::{request, response};
use openpbm_wire::ncpdp::{Encoder, Request, Response, ResponseHeader};

const REQUEST: &[u8] = include_bytes!("../../fixtures/ncpdp/b1.d0");
const ANSWER: &[u8] = include_bytes!("../../fixtures/ncpdp/response-paid.d0");
const COMPOUND: &[u8] = include_bytes!("../../fixtures/ncpdp/b1-compound.d0");

fn main() {
    divan::main();
}

/// The frame alone.
#[divan::bench(sample_size = 1000)]
fn frame_b1(bencher: Bencher<'_, '_>) {
    bencher
        .counter(ItemsCount::new(1usize))
        .counter(BytesCount::of_slice(REQUEST))
        .bench(|| Request::decode(black_box(REQUEST)).ok().map(|request| request.header().bin));
}

/// The frame, the header, and the five segments that nearly every claim has, typed.
#[divan::bench(sample_size = 1000)]
fn decode_b1(bencher: Bencher<'_, '_>) {
    bencher
        .counter(ItemsCount::new(1usize))
        .counter(BytesCount::of_slice(REQUEST))
        .bench(|| decode(black_box(REQUEST)));
}

/// The same of a compound claim with other payers, conflicts and diagnoses.
#[divan::bench(sample_size = 1000)]
fn decode_compound(bencher: Bencher<'_, '_>) {
    bencher.counter(ItemsCount::new(1usize)).counter(BytesCount::of_slice(COMPOUND)).bench(|| {
        let request = Request::decode(black_box(COMPOUND)).ok()?;
        let claim = request.transactions().next()?;
        Some((
            decode(black_box(COMPOUND)),
            claim.read::<request::CoordinationOfBenefits>()?.other_payers.len(),
            claim.read::<request::Compound>()?.ingredients.len(),
            claim.read::<request::DurPps>()?.services.len(),
            claim.read::<request::Clinical>()?.diagnoses.len(),
        ))
    });
}

/// A paid answer from its typed segments into a reused buffer.
#[divan::bench(sample_size = 1000)]
fn encode_paid_answer(bencher: Bencher<'_, '_>) {
    let Some(answer) = Answer::read() else { return };
    let mut buffer = Vec::new();
    bencher.counter(ItemsCount::new(1usize)).counter(BytesCount::of_slice(ANSWER)).bench_local(
        || {
            buffer.clear();
            black_box(&answer).encode(&mut buffer);
            buffer.len()
        },
    );
}

/// Decodes and reads what every claim needs; a result that stays in place, as a service's does.
fn decode(bytes: &[u8]) -> Option<()> {
    let request = Request::decode(bytes).ok()?;
    let transmission = request.transmission();
    let claim = request.transactions().next()?;
    black_box(&request.header());
    black_box(&transmission.read::<request::Patient>()?);
    black_box(&transmission.read::<request::Insurance>()?);
    black_box(&claim.read::<request::Claim>()?);
    black_box(&claim.read::<request::Prescriber>()?);
    black_box(&claim.read::<request::Pricing>()?);
    Some(())
}

/// The parts of an answer, as the service hands them to the encoder.
struct Answer {
    header: ResponseHeader<'static>,
    message: response::Message<'static>,
    insurance: response::Insurance<'static>,
    patient: response::Patient<'static>,
    status: response::Status<'static>,
    claim: response::Claim<'static>,
    pricing: response::Pricing<'static>,
}

impl Answer {
    fn read() -> Option<Answer> {
        let response = Response::decode(ANSWER).ok()?;
        let transmission = response.transmission();
        let transaction = response.transactions().next()?;
        Some(Answer {
            header: response.header(),
            message: transmission.read()?,
            insurance: transmission.read()?,
            patient: transmission.read()?,
            status: transaction.read()?,
            claim: transaction.read()?,
            pricing: transaction.read()?,
        })
    }

    fn encode(&self, out: &mut Vec<u8>) -> bool {
        let mut encoder = Encoder::new(out, &self.header);
        encoder.segment(&self.message).segment(&self.insurance).segment(&self.patient);
        encoder.transaction();
        encoder.segment(&self.status).segment(&self.claim).segment(&self.pricing);
        encoder.finish().is_ok()
    }
}
