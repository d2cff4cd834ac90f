//! What an operator watches of the NCPDP listener's connections.

use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::Registry;

/// Counts connections. Clones count together.
#[derive(Debug, Clone, Default)]
pub(crate) struct Connections {
    open: Gauge,
    accepted: Counter,
    turned_away: Counter,
}

impl Connections {
    /// What is counted, by name.
    pub(crate) fn registry(&self) -> Registry {
        let mut registry = Registry::with_prefix("openpbm");
        let help = "NCPDP connections that are open";
        registry.register("connections", help, self.open.clone());
        let help = "NCPDP connections that were accepted";
        registry.register("connections_accepted", help, self.accepted.clone());
        let help = "NCPDP connections closed at once, because there were too many";
        registry.register("connections_turned_away", help, self.turned_away.clone());
        registry
    }

    pub(crate) fn accepted(&self) {
        self.accepted.inc();
    }

    pub(crate) fn turned_away(&self) {
        self.turned_away.inc();
    }

    /// So many are open now.
    pub(crate) fn open(&self, count: usize) {
        self.open.set(i64::try_from(count).unwrap_or(i64::MAX));
    }
}
