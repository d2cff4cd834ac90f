//! Sends some transmissions to a collector, as spans of OpenTelemetry (OTLP over HTTP).
//!
//! The environment says where to and how many, in the words that OpenTelemetry has for it.
//! Without an address nothing is traced.

use std::borrow::Cow;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime};

use async_trait::async_trait;
use openpbm_service::{Trace, Tracer};
use opentelemetry::trace::{
    Span as _, SpanBuilder, SpanKind, Status, TraceContextExt, TracerProvider,
};
use opentelemetry::{Array, Context, KeyValue, StringValue, Value};
use opentelemetry_http::{Bytes, HttpClient, HttpError, Request, Response};
use opentelemetry_otlp::{SpanExporter, WithExportConfig, WithHttpConfig};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::trace::{SdkTracer, SdkTracerProvider};

use crate::failure::{Context as _, Failure};

const ENDPOINT: &str = "OTEL_EXPORTER_OTLP_ENDPOINT";
const RATIO: &str = "OTEL_TRACES_SAMPLER_ARG";
const SERVICE: &str = "OTEL_SERVICE_NAME";

/// Every one of a million.
const ALL: u64 = 1_000_000;

/// The share that is traced if nothing is said: one in a hundred.
const USUAL: u64 = ALL / 100;

/// How long a collector may take.
const WITHIN: Duration = Duration::from_secs(10);

/// What the environment asks for.
pub(crate) fn tracer() -> Result<Option<Arc<dyn Tracer>>, Failure> {
    let said = |name| std::env::var(name).ok().filter(|value| !value.is_empty());
    let Some(endpoint) = said(ENDPOINT) else { return Ok(None) };
    let share = said(RATIO).map_or(Ok(USUAL), |ratio| {
        millionths(&ratio).ok_or_else(|| {
            let failure = Failure::new(format!("{RATIO} is `{ratio}`, which is no share"));
            failure.hint("a number from 0 to 1, like 0.01")
        })
    })?;
    let name = said(SERVICE).unwrap_or_else(|| "openpbm".to_owned());
    Ok(Some(Arc::new(Spans::to(&endpoint, name, share)?)))
}

/// A decimal from 0 to 1 in millionths; further places do not matter.
fn millionths(ratio: &str) -> Option<u64> {
    let (whole, places) = ratio.split_once('.').unwrap_or((ratio, ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.len() + places.len() == 0 || !digits(whole) || !digits(places) {
        return None;
    }
    let whole: u64 = if whole.is_empty() { 0 } else { whole.parse().ok()? };
    let places: String = places.chars().chain("000000".chars()).take(6).collect();
    let share = whole.checked_mul(ALL)?.checked_add(places.parse().ok()?)?;
    (share <= ALL).then_some(share)
}

/// Picks transmissions, and makes spans of them.
#[derive(Debug)]
struct Spans {
    provider: SdkTracerProvider,
    tracer: SdkTracer,
    /// How many of a million are picked.
    share: u64,
    /// The shares of all that came so far.
    seen: AtomicU64,
}

impl Spans {
    fn to(endpoint: &str, service: String, share: u64) -> Result<Self, Failure> {
        let exporter = SpanExporter::builder()
            .with_http()
            .with_http_client(Client::new())
            .with_endpoint(format!("{}/v1/traces", endpoint.trim_end_matches('/')))
            .with_timeout(WITHIN)
            .build()
            .context(format!("preparing to send traces to {endpoint}"))?;
        let provider = SdkTracerProvider::builder()
            .with_batch_exporter(exporter)
            .with_resource(Resource::builder_empty().with_service_name(service).build())
            .build();
        let tracer = provider.tracer("openpbm");
        Ok(Self { provider, tracer, share, seen: AtomicU64::new(0) })
    }
}

impl Tracer for Spans {
    /// One whenever the shares have come to a whole again, so that of any number in a row the
    /// right number is picked.
    fn picks(&self) -> bool {
        let before = self.seen.fetch_add(self.share, Ordering::Relaxed);
        before % ALL + self.share >= ALL
    }

    fn answered(&self, trace: &Trace) {
        let received = SystemTime::UNIX_EPOCH + Duration::from_millis(trace.received.millis());
        let codes = trace.rejects.iter().map(|code| code.code());
        let attributes = [
            KeyValue::new("openpbm.answers", texts(trace.answers.iter().copied())),
            KeyValue::new("openpbm.rejects", texts(codes)),
        ];
        let whole = SpanBuilder::from_name("transmission")
            .with_kind(SpanKind::Server)
            .with_start_time(received)
            .with_attributes(attributes)
            .start_with_context(&self.tracer, &Context::new());
        let inside = Context::new().with_span(whole);
        for stage in &trace.stages {
            let mut span = SpanBuilder::from_name(stage.stage)
                .with_start_time(received + stage.began)
                .start_with_context(&self.tracer, &inside);
            span.end_with_timestamp(received + stage.ended);
        }
        if trace.answers.is_empty() {
            let description = Cow::Borrowed("nothing was stored");
            inside.span().set_status(Status::Error { description });
        }
        inside.span().end_with_timestamp(received + trace.took);
    }

    fn close(&self) {
        if let Err(error) = self.provider.shutdown() {
            tracing::warn!(%error, "the last traces could not be sent");
        }
    }
}

fn texts(texts: impl Iterator<Item = &'static str>) -> Value {
    Value::Array(Array::String(texts.map(StringValue::from).collect()))
}

/// Brings spans to the collector. It is called on the exporter's own thread, which may wait.
#[derive(Debug)]
struct Client(ureq::Agent);

impl Client {
    fn new() -> Self {
        let config = ureq::Agent::config_builder();
        let config = config.timeout_global(Some(WITHIN)).http_status_as_error(false);
        Self(config.build().into())
    }
}

#[async_trait]
impl HttpClient for Client {
    async fn send_bytes(&self, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        let (parts, body) = request.into_parts();
        let sent = self.0.run(Request::from_parts(parts, body.to_vec()));
        let (parts, mut body) = sent
            .inspect_err(|error| tracing::warn!(%error, "traces could not be sent"))?
            .into_parts();
        let body = body.read_to_vec()?;
        Ok(Response::from_parts(parts, body.into()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_is_a_number_from_zero_to_one() {
        for (ratio, share) in [
            ("0", 0),
            ("1", ALL),
            ("1.000", ALL),
            ("0.01", 10_000),
            (".5", 500_000),
            ("0.0000019", 1),
        ] {
            assert_eq!(millionths(ratio), Some(share), "{ratio}");
        }
        for wrong in ["", ".", "1.1", "2", "-0.5", "0,5", "1e-3", "NaN", "99999999999999999999"] {
            assert_eq!(millionths(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn of_any_number_in_a_row_the_right_number_is_picked() {
        let spans = Spans::to("http://127.0.0.1:1", "test".to_owned(), 250_000).unwrap();
        let picked: Vec<_> = (0..1000).map(|_| spans.picks()).collect();
        for row in picked.windows(40) {
            assert_eq!(row.iter().filter(|picked| **picked).count(), 10);
        }
        let none = Spans::to("http://127.0.0.1:1", "test".to_owned(), 0).unwrap();
        assert!(!(0..1000).any(|_| none.picks()));
        let all = Spans::to("http://127.0.0.1:1", "test".to_owned(), ALL).unwrap();
        assert!((0..1000).all(|_| all.picks()));
    }
}
