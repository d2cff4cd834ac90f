//! What an operator watches. Nothing here is about a person.

mod process;

use std::time::Duration;

use openpbm_book::Book;
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
struct StageLabel {
    stage: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct CodeLabel {
    code: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct QueueLabel {
    queue: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ProjectionLabel {
    projection: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct BookLabel {
    name: String,
    version: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct BuildLabel {
    version: &'static str,
}

/// The counters and histograms of a running service.
pub(crate) struct Metrics {
    registry: Registry,
    answers: Family<AnswerLabel, Counter>,
    rejects: Family<CodeLabel, Counter>,
    transmissions: Counter,
    seconds: Histogram,
    stages: Stages,
    batch_units: Histogram,
    conflicts: Counter,
    given_up: Counter,
    store_failures: Counter,
    store_up: Gauge,
    in_flight: Gauge,
    queues: Family<QueueLabel, Gauge>,
    /// Decisions that are not yet in a batch.
    undurable: Gauge,
    lag: Family<ProjectionLabel, Gauge>,
    projection_failures: Family<ProjectionLabel, Counter>,
    projection_rebuilds: Family<ProjectionLabel, Counter>,
    book: Family<BookLabel, Gauge>,
}

/// What is counted of one projection.
#[derive(Clone)]
pub(crate) struct ProjectionMetrics {
    /// Entries of the journal that it has not taken in.
    pub(crate) lag: Gauge,
    pub(crate) failures: Counter,
    pub(crate) rebuilds: Counter,
}

/// What is not counted but looked up when somebody asks.
pub(crate) struct Sight<'a> {
    pub(crate) in_flight: usize,
    pub(crate) store_up: bool,
    pub(crate) book: &'a Book,
}

/// Where a transmission's time goes, stage by stage.
struct Stages {
    family: Family<StageLabel, Histogram>,
    read: Histogram,
    wait: Histogram,
    decide: Histogram,
    queue: Histogram,
    append: Histogram,
    write: Histogram,
}

impl Stages {
    fn new() -> Self {
        /// From a microsecond to eight seconds.
        fn histogram() -> Histogram {
            Histogram::new(exponential_buckets(0.000_001, 2.0, 24))
        }
        let family = Family::new_with_constructor(histogram as fn() -> Histogram);
        let stage = |stage| family.get_or_create_owned(&StageLabel { stage });
        let (read, wait, decide) = (stage("read"), stage("wait"), stage("decide"));
        let (queue, append, write) = (stage("queue"), stage("append"), stage("write"));
        Self { family, read, wait, decide, queue, append, write }
    }
}

impl Metrics {
    pub(crate) fn new() -> Self {
        let queues = Family::<QueueLabel, Gauge>::default();
        let undurable = queues.get_or_create_owned(&QueueLabel { queue: "committer" });
        let mut metrics = Self {
            registry: Registry::default(),
            answers: Family::default(),
            rejects: Family::default(),
            transmissions: Counter::default(),
            seconds: Histogram::new(exponential_buckets(0.0001, 2.0, 16)),
            stages: Stages::new(),
            batch_units: Histogram::new(exponential_buckets(1.0, 2.0, 11)),
            conflicts: Counter::default(),
            given_up: Counter::default(),
            store_failures: Counter::default(),
            store_up: Gauge::default(),
            in_flight: Gauge::default(),
            queues,
            undurable,
            lag: Family::default(),
            projection_failures: Family::default(),
            projection_rebuilds: Family::default(),
            book: Family::default(),
        };
        metrics.register();
        metrics.register_surroundings();
        metrics
    }

    /// What a claim meets on its way.
    fn register(&mut self) {
        let registry = self.registry.sub_registry_with_prefix("openpbm");
        let answers = self.answers.clone();
        registry.register("answers", "Transactions answered, by kind of answer", answers);
        let rejects = self.rejects.clone();
        registry.register("rejects", "Reject codes (511-FB) sent, by code", rejects);
        let transmissions = self.transmissions.clone();
        registry.register("transmissions", "Transmissions received", transmissions);
        let help = "From a transmission's last byte to its answer";
        registry.register_with_unit("answer", help, Unit::Seconds, self.seconds.clone());
        let help = "By stage: read the bytes, wait for the family's worker, decide, queue for the \
                    commit, append a batch durably, write the answer";
        registry.register_with_unit("stage", help, Unit::Seconds, self.stages.family.clone());
        let units = self.batch_units.clone();
        registry.register("batch_units", "Transmissions made durable by one commit", units);
        let help = "Decisions made again because another process had changed the family";
        registry.register("conflicts", help, self.conflicts.clone());
        let help = "Transmissions dropped undecided, because nobody waited for them any more";
        registry.register("given_up", help, self.given_up.clone());
        let help = "Reads or writes of the store that failed";
        registry.register("store_failures", help, self.store_failures.clone());
        let help = "Transmissions taken in and not yet answered";
        registry.register("in_flight", help, self.in_flight.clone());
        let help = "What waits: transmissions and news for the family workers, decisions for the \
                    committer";
        registry.register("queue_depth", help, self.queues.clone());
    }

    /// What it does not meet.
    fn register_surroundings(&mut self) {
        let build = Family::<BuildLabel, Gauge>::default();
        build.get_or_create(&BuildLabel { version: env!("CARGO_PKG_VERSION") }).set(1);
        let registry = self.registry.sub_registry_with_prefix("openpbm");
        let help = "1 if the store answered when it was last asked";
        registry.register("store_up", help, self.store_up.clone());
        let help = "Entries of the journal that a projection has not taken in";
        registry.register("projection_lag_entries", help, self.lag.clone());
        let help = "Attempts of a projection to go on that failed; each is made again";
        registry.register("projection_failures", help, self.projection_failures.clone());
        let help = "Times that a projection began anew, because what it had kept was of no use";
        registry.register("projection_rebuilds", help, self.projection_rebuilds.clone());
        registry.register("book_info", "The book that decides now", self.book.clone());
        registry.register("build_info", "This program", build);
        self.registry.register_collector(Box::new(process::Process));
    }

    /// The depth of the workers' inboxes, all together.
    pub(crate) fn inboxes(&self) -> Gauge {
        self.queues.get_or_create_owned(&QueueLabel { queue: "worker" })
    }

    /// The figures of the projection of that name.
    pub(crate) fn projection(&self, projection: &'static str) -> ProjectionMetrics {
        let label = ProjectionLabel { projection };
        ProjectionMetrics {
            lag: self.lag.get_or_create_owned(&label),
            failures: self.projection_failures.get_or_create_owned(&label),
            rebuilds: self.projection_rebuilds.get_or_create_owned(&label),
        }
    }

    /// A transmission came in and was read.
    pub(crate) fn read(&self, took: Duration) {
        self.transmissions.inc();
        self.stages.read.observe(took.as_secs_f64());
    }

    /// From its reading to the moment at which its family's worker had time for it.
    pub(crate) fn waited(&self, took: Duration) {
        self.stages.wait.observe(took.as_secs_f64());
    }

    /// It is handed on to the committer.
    pub(crate) fn decided(&self, took: Duration) {
        self.undurable.inc();
        self.stages.decide.observe(took.as_secs_f64());
    }

    /// From the decision to the batch.
    pub(crate) fn queued(&self, took: Duration) {
        self.stages.queue.observe(took.as_secs_f64());
    }

    /// One batch, successful or not.
    pub(crate) fn appended(&self, took: Duration) {
        self.stages.append.observe(took.as_secs_f64());
    }

    /// The answer was encoded, and how long it all took.
    pub(crate) fn written(&self, took: Duration, in_all: Duration) {
        self.stages.write.observe(took.as_secs_f64());
        self.seconds.observe(in_all.as_secs_f64());
    }

    pub(crate) fn gave_up(&self) {
        self.given_up.inc();
    }

    pub(crate) fn answered(&self, answers: &[Answer]) {
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
                Answer::Medical { .. } => self.answers.get_or_create(&label("medical")).inc(),
                Answer::Reprocessed { .. } => {
                    self.answers.get_or_create(&label("reprocessed")).inc()
                }
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

    /// So many are made durable together.
    pub(crate) fn batch(&self, units: usize) {
        self.undurable.dec_by(i64::try_from(units).unwrap_or(i64::MAX));
        self.batch_units.observe(f64::from(u32::try_from(units).unwrap_or(u32::MAX)));
    }

    pub(crate) fn conflict(&self) {
        self.conflicts.inc();
    }

    pub(crate) fn store_failed(&self) {
        self.store_failures.inc();
    }

    /// The OpenMetrics text.
    pub(crate) fn text(&self, sight: &Sight<'_>) -> String {
        self.in_flight.set(i64::try_from(sight.in_flight).unwrap_or(i64::MAX));
        self.store_up.set(i64::from(sight.store_up));
        let (name, version) = (sight.book.name().to_owned(), sight.book.version().to_string());
        self.book.clear();
        self.book.get_or_create(&BookLabel { name, version }).set(1);
        let mut text = String::new();
        // Writing to a string does not fail.
        let _ = prometheus_client::encoding::text::encode(&mut text, &self.registry);
        text
    }
}
