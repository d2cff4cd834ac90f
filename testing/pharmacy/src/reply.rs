//! What a pharmacy is answered, out of bytes.

use openpbm_core::{Cents, RejectCode};
use openpbm_model::{Amounts, Reply, Status};
use openpbm_wire::ncpdp::segments::response as segments;
use openpbm_wire::ncpdp::{DecodeError, Field, Group, Response};

/// Bytes that are no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoReply {
    /// They cannot be divided into segments.
    #[error("the response cannot be divided: {0}")]
    Frame(#[from] DecodeError),
    /// Something that tests rely on is missing, or is written in a way that is not known.
    #[error("the response has no readable {0}")]
    Field(&'static str),
}

/// Reads a response: an answer for each of its transactions.
///
/// # Errors
///
/// If the bytes are no response, or if something in it that tests rely on cannot be read.
pub fn read_all(response: &[u8]) -> Result<Vec<Reply>, NoReply> {
    let response = Response::decode(response)?;
    response.transactions().map(|transaction| reply(&transaction)).collect()
}

/// Reads the response to a transmission of one transaction.
///
/// # Errors
///
/// Those of [`read_all`], or if it answers another number of transactions.
pub fn read(response: &[u8]) -> Result<Reply, NoReply> {
    let mut replies = read_all(response)?;
    match (replies.pop(), replies.is_empty()) {
        (Some(reply), true) => Ok(reply),
        _ => Err(NoReply::Field("single transaction")),
    }
}

fn reply(transaction: &Group<'_, '_>) -> Result<Reply, NoReply> {
    let status: segments::Status<'_> =
        transaction.read().ok_or(NoReply::Field("status segment (21)"))?;
    let id = status.authorization_number.value().map(str::parse).transpose();
    let rejects = status.rejects.iter().map(|reject| known(reject.code));
    Ok(Reply {
        status: match status.status.value() {
            Some("P") => Status::Paid,
            Some("D") => Status::Duplicate,
            Some("A") => Status::Accepted,
            Some("R") => Status::Rejected,
            _ => return Err(NoReply::Field("status (112-AN)")),
        },
        id: id.map_err(|_| NoReply::Field("authorization number (503-F3)"))?,
        rejects: rejects.collect::<Option<_>>().ok_or(NoReply::Field("code (511-FB)"))?,
        amounts: transaction.read().map(|pricing| amounts(&pricing)).transpose()?,
    })
}

fn amounts(pricing: &segments::Pricing<'_>) -> Result<Amounts, NoReply> {
    let sent = |field: Field<i64>, name| {
        field.get().map(|cents| cents.map(Cents::new)).map_err(|_| NoReply::Field(name))
    };
    let amount = |field, name| sent(field, name).map(|cents| cents.unwrap_or(Cents::ZERO));
    Ok(Amounts {
        patient_pay: amount(pricing.patient_pay_cents, "505-F5")?,
        ingredient_cost: amount(pricing.ingredient_cost_cents, "506-F6")?,
        dispensing_fee: amount(pricing.dispensing_fee_cents, "507-F7")?,
        plan_pays: amount(pricing.total_amount_paid_cents, "509-F9")?,
        deductible: amount(pricing.applied_to_deductible_cents, "517-FH")?,
        copay: amount(pricing.copay_cents, "518-FI")?,
        coinsurance: amount(pricing.coinsurance_cents, "572-4U")?,
        product_selection: amount(pricing.brand_selection_cents, "134-UK")?,
        accumulated_deductible: sent(pricing.accumulated_deductible_cents, "512-FC")?,
        remaining_deductible: sent(pricing.remaining_deductible_cents, "513-FD")?,
    })
}

fn known(code: Field<&str>) -> Option<RejectCode> {
    let code = code.value()?;
    RejectCode::ALL.iter().copied().find(|known| known.code() == code)
}

#[cfg(test)]
mod tests {
    use openpbm_wire::ncpdp::{Encoder, ResponseHeader, VERSION};

    use super::*;

    const ID: &str = "06H01575CJXECH451NW4";

    fn response(transactions: u32, write: impl FnOnce(&mut Encoder<'_>)) -> Vec<u8> {
        let header = ResponseHeader {
            version: VERSION.into(),
            transaction_code: "B1".into(),
            transaction_count: transactions.into(),
            header_response_status: "A".into(),
            ..Default::default()
        };
        let mut bytes = Vec::new();
        let mut encoder = Encoder::new(&mut bytes, &header);
        write(&mut encoder);
        encoder.finish().unwrap();
        bytes
    }

    fn status(letter: &'static str, codes: &[&'static str]) -> segments::Status<'static> {
        let rejects = codes
            .iter()
            .map(|code| segments::Reject { code: (*code).into(), ..Default::default() });
        segments::Status {
            status: letter.into(),
            authorization_number: ID.into(),
            rejects: rejects.collect::<Vec<_>>().into(),
            ..Default::default()
        }
    }

    #[test]
    fn a_paid_claim_has_its_amounts_and_what_is_left_out_is_zero() {
        let bytes = response(1, |encoder| {
            encoder.transaction().segment(&status("P", &[]));
            encoder.segment(&segments::Pricing {
                patient_pay_cents: 1_000.into(),
                ingredient_cost_cents: 4_000.into(),
                total_amount_paid_cents: 3_000.into(),
                copay_cents: 1_000.into(),
                ..Default::default()
            });
        });
        let reply = read(&bytes).unwrap();
        let amounts = reply.amounts.unwrap();
        assert_eq!((reply.status, reply.id), (Status::Paid, ID.parse().ok()));
        assert_eq!((amounts.copay, amounts.plan_pays), (Cents::new(1_000), Cents::new(3_000)));
        assert_eq!((amounts.deductible, amounts.remaining_deductible), (Cents::ZERO, None));
    }

    #[test]
    fn a_rejection_has_its_codes_in_order() {
        let bytes = response(1, |encoder| {
            encoder.transaction().segment(&status("R", &["70", "79"]));
        });
        let reply = read(&bytes).unwrap();
        let codes: Vec<_> = reply.rejects.iter().map(|code| code.code()).collect();
        assert_eq!((reply.status, codes), (Status::Rejected, vec!["70", "79"]));
    }

    #[test]
    fn what_is_not_known_is_no_reply() {
        let unknown = response(1, |encoder| {
            encoder.transaction().segment(&status("R", &["ZZ"]));
        });
        assert_eq!(read(&unknown), Err(NoReply::Field("code (511-FB)")));
        let two = response(2, |encoder| {
            encoder.transaction().segment(&status("A", &[]));
            encoder.transaction().segment(&status("A", &[]));
        });
        assert_eq!(read(&two), Err(NoReply::Field("single transaction")));
        assert_eq!(read_all(&two).map(|replies| replies.len()), Ok(2));
        assert!(matches!(read(b"HTTP/1.1 400"), Err(NoReply::Frame(_))));
    }
}
