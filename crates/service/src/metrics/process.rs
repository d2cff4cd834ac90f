//! What the whole process uses, under the names that dashboards know, as Linux tells it under
//! /proc. Elsewhere these metrics are not there: what is unknown is not zero.

use std::fmt;
use std::fs;
use std::time::Duration;

use prometheus_client::collector::Collector;
use prometheus_client::encoding::{DescriptorEncoder, EncodeMetric};
use prometheus_client::metrics::counter::ConstCounter;
use prometheus_client::metrics::gauge::ConstGauge;
use prometheus_client::registry::Unit;

/// Reads the figures whenever somebody asks for them.
#[derive(Debug)]
pub(super) struct Process;

impl Collector for Process {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> fmt::Result {
        if let Some(used) = cpu() {
            let help = "Time on a core, of all threads together";
            let used = ConstCounter::new(used.as_secs_f64());
            let kind = used.metric_type();
            let unit = Some(&Unit::Seconds);
            used.encode(encoder.encode_descriptor("process_cpu", help, unit, kind)?)?;
        }
        if let Some(resident) = resident_bytes() {
            let help = "Memory that is resident";
            let resident = ConstGauge::new(resident);
            let kind = resident.metric_type();
            let unit = Some(&Unit::Bytes);
            let named = encoder.encode_descriptor("process_resident_memory", help, unit, kind)?;
            resident.encode(named)?;
        }
        Ok(())
    }
}

fn cpu() -> Option<Duration> {
    cpu_of(&fs::read_to_string("/proc/self/stat").ok()?)
}

/// User and system time of a line of `/proc/PID/stat`, its 14th and 15th field. The second field
/// is the program's name in brackets and may hold anything.
fn cpu_of(stat: &str) -> Option<Duration> {
    /// A tick is a hundredth of a second wherever Linux shows one to programs (USER_HZ).
    const MILLIS_OF_TICK: u64 = 10;
    let (_, fields) = stat.rsplit_once(')')?;
    let mut fields = fields.split_whitespace().skip(11);
    let user: u64 = fields.next()?.parse().ok()?;
    let system: u64 = fields.next()?.parse().ok()?;
    Some(Duration::from_millis(user.checked_add(system)?.checked_mul(MILLIS_OF_TICK)?))
}

fn resident_bytes() -> Option<i64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kib: i64 = line.split_whitespace().next()?.parse().ok()?;
    kib.checked_mul(1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_of_a_program_may_hold_anything() {
        let stat = "42 (a) b (c) S 1 42 42 0 -1 4194560 900 0 3 0 250 50 0 0 20 0 9 0 77";
        assert_eq!(cpu_of(stat), Some(Duration::from_secs(3)));
        assert_eq!(cpu_of("42 (a) S 1 42"), None);
        assert_eq!(cpu_of(""), None);
    }
}
