//! What an operator watches. Nothing here is about a person.

use std::time::Duration;

use openpbm_core::RejectCode;
use openpbm_engine::transaction::Answer;
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};
use prometheus_client::registry::{Registry, Unit};

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct AnswerLabel {
    answer: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct CodeLabel {
    code: &'static str,
}

/// The counters and histograms of a running service.
pub(crate) struct Metrics {
    registry: Registry,
    answers: Family<AnswerLabel, Counter>,
    rejects: Family<CodeLabel, Counter>,
    transmissions: Counter,
    seconds: Histogram,
    batch_units: Histogram,
    conflicts: Counter,
    store_failures: Counter,
    in_flight: Gauge,
}

impl Metrics {
    pub(crate) fn new() -> Self {
        let mut metrics = Self {
            registry: Registry::with_prefix("openpbm"),
            answers: Family::default(),
            rejects: Family::default(),
            transmissions: Counter::default(),
            seconds: Histogram::new(exponential_buckets(0.0001, 2.0, 16)),
            batch_units: Histogram::new(exponential_buckets(1.0, 2.0, 11)),
            conflicts: Counter::default(),
            store_failures: Counter::default(),
            in_flight: Gauge::default(),
        };
        metrics.register();
        metrics
    }

    fn register(&mut self) {
        let registry = &mut self.registry;
        let answers = self.answers.clone();
        registry.register("answers", "Transactions answered, by kind of answer", answers);
        let rejects = self.rejects.clone();
        registry.register("rejects", "Reject codes (511-FB) sent, by code", rejects);
        let transmissions = self.transmissions.clone();
        registry.register("transmissions", "Transmissions received", transmissions);
        let help = "From a transmission's last byte to its answer";
        registry.register_with_unit("answer", help, Unit::Seconds, self.seconds.clone());
        let units = self.batch_units.clone();
        registry.register("batch_units", "Transmissions made durable by one commit", units);
        let help = "Decisions made again because another process had changed the family";
        registry.register("conflicts", help, self.conflicts.clone());
        let help = "Reads or writes of the store that failed";
        registry.register("store_failures", help, self.store_failures.clone());
        let help = "Transmissions taken in and not yet answered";
        registry.register("in_flight", help, self.in_flight.clone());
    }

    pub(crate) fn transmission(&self) {
        self.transmissions.inc();
    }

    pub(crate) fn answered(&self, answers: &[Answer], after: Duration) {
        self.seconds.observe(after.as_secs_f64());
        for answer in answers {
            let label = |answer| AnswerLabel { answer };
            match answer {
                Answer::Decided { adjudication, .. } => match adjudication.paid() {
                    Some(_) => self.answers.get_or_create(&label("paid")).inc(),
                    None => {
                        let rejections = adjudication.rejections();
                        self.rejected(rejections.iter().map(|rejection| rejection.code))
                    }
                },
                Answer::Duplicate(_) => self.answers.get_or_create(&label("duplicate")).inc(),
                Answer::Reversed { .. } => self.answers.get_or_create(&label("reversed")).inc(),
                Answer::Enrolled { .. } => self.answers.get_or_create(&label("enrolled")).inc(),
                Answer::Covered { .. } => self.answers.get_or_create(&label("covered")).inc(),
                Answer::Refused { reasons, .. } => {
                    self.rejected(reasons.iter().map(|reason| reason.code))
                }
            };
        }
    }

    pub(crate) fn rejected(&self, codes: impl Iterator<Item = RejectCode>) -> u64 {
        for code in codes {
            self.rejects.get_or_create(&CodeLabel { code: code.code() }).inc();
        }
        self.answers.get_or_create(&AnswerLabel { answer: "rejected" }).inc()
    }

    pub(crate) fn batch(&self, units: usize) {
        self.batch_units.observe(f64::from(u32::try_from(units).unwrap_or(u32::MAX)));
    }

    pub(crate) fn conflict(&self) {
        self.conflicts.inc();
    }

    pub(crate) fn store_failed(&self) {
        self.store_failures.inc();
    }

    /// The OpenMetrics text.
    pub(crate) fn text(&self, in_flight: usize) -> String {
        self.in_flight.set(i64::try_from(in_flight).unwrap_or(i64::MAX));
        let mut text = String::new();
        // Writing to a string does not fail.
        let _ = prometheus_client::encoding::text::encode(&mut text, &self.registry);
        text
    }
}
