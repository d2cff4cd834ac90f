//! The real-time benefit check over HTTP.

use openpbm_server::Limits;
use serde_json::{Value, json};

use crate::running::Running;

/// Ana Rivera of the sample asks for Eliquis at two pharmacies.
pub(crate) const EXAMPLE: &str = r#"{
  "cardholder": "CSC100001", "person": "01", "date": "2026-03-02",
  "drugs": [{ "ndc": "00003089421", "quantity": "60", "days": 30 }],
  "pharmacies": ["1999000015", "1999000031"]
}"#;

async fn check(server: &Running, body: &str) -> (u16, Value) {
    let length = body.len();
    let head = format!(
        "POST /api/v1/benefit-check\r\ncontent-type: application/json\r\ncontent-length: {length}"
    );
    let answer = server.ask_with(&head, body).await;
    (answer.status, answer.json())
}

/// 5.52654 x 101% x 60 = 334.91 and 1.50 at Harborview: 250.00 of deductible and a copay of 45.00.
/// By mail 5.52654 x 99% x 60 = 328.28: 250.00, and 78.28 that are left of a copay of 112.50.
#[tokio::test]
async fn a_price_is_what_the_counter_would_ask() {
    let server = Running::start(Limits::default()).await;
    let (status, answer) = check(&server, EXAMPLE).await;
    assert_eq!(status, 200, "{answer}");
    let quotes = answer["quotes"].as_array().unwrap();
    let paid: Vec<_> = quotes.iter().map(|q| (&q["price"], &q["patient_pay"])).collect();
    let (retail, mail) = ((json!(33641), json!(29500)), (json!(32828), json!(32828)));
    assert_eq!(paid, [(&retail.0, &retail.1), (&mail.0, &mail.1)]);
    assert_eq!(quotes[0]["deductible_left"], json!(0));
    assert_eq!(quotes[0]["drug"], "Eliquis 5 mg tablet");
    assert!(quotes[0]["why"].as_array().unwrap().len() > 8);
    // 90 days at the counter are three copays: 5.52654 x 101% x 180 + 1.50 = 1006.22.
    let alternatives = quotes[0]["alternatives"].as_array().unwrap();
    let longer = alternatives.iter().find(|offer| offer["relation"] == "longer supply").unwrap();
    assert_eq!((&longer["price"], &longer["patient_pay"]), (&json!(100_622), &json!(38_500)));
    let cost = |offer: &Value| {
        offer["patient_pay"].as_i64().unwrap() * 1000 / offer["days"].as_i64().unwrap()
    };
    assert!(alternatives.windows(2).all(|pair| cost(&pair[0]) <= cost(&pair[1])), "{answer}");
}

/// Farxiga wants metformin first: it is said so, and what is covered instead has a price.
#[tokio::test]
async fn a_restriction_is_told_with_alternatives() {
    let server = Running::start(Limits::default()).await;
    let body = EXAMPLE.replace("00003089421", "00310621030").replace("\"60\"", "\"30\"");
    let (_, answer) = check(&server, &body).await;
    let quote = &answer["quotes"][0];
    assert_eq!(quote["covered"], json!(false));
    assert_eq!(quote["restrictions"][0]["code"], "608");
    assert_eq!(quote["patient_pay"], Value::Null);
    let same_class = |offer: &&Value| offer["relation"] == "same class";
    let jardiance = quote["alternatives"].as_array().unwrap().iter().find(same_class).unwrap();
    assert!(jardiance["drug"].as_str().unwrap().starts_with("Jardiance"), "{jardiance}");
}

#[tokio::test]
async fn what_is_wrong_is_named_and_never_repeated() {
    let server = Running::start(Limits::default()).await;
    for (old, new, status, said) in [
        ("00003089421", "123", 400, "drugs[0].ndc: expected an NDC"),
        ("\"60\"", "\"0\"", 400, "drugs[0].quantity: expected billing units above zero"),
        ("\"days\": 30", "\"days\": 0", 400, "drugs[0].days: expected 1 to 999"),
        ("1999000031", "1999000032", 400, "pharmacies[1]: expected an NPI"),
        ("2026-03-02", "2026-02-30", 400, "date: expected a calendar date"),
        ("\"person\"", "\"persn\"", 400, "wrong, missing or unknown key"),
        ("\"01\"", "\"77\"", 404, "nobody on the card has this person code"),
        ("CSC100001", "CSC999999", 404, "no such cardholder id"),
        ("{", "[", 400, "the body is no JSON"),
    ] {
        let (found, answer) = check(&server, &EXAMPLE.replacen(old, new, 1)).await;
        assert_eq!(found, status, "{new}: {answer}");
        let error = answer["error"].as_str().unwrap();
        assert!(error.contains(said), "{new}: {error}");
        assert!(!error.contains("CSC999999") && !answer["hint"].as_str().unwrap().is_empty());
    }
}
