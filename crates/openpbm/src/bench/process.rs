//! What this process used, thread by thread, as Linux tells it under /proc. Elsewhere the figures
//! are unknown, and reported so.

use std::collections::BTreeMap;
use std::fs;

/// What a group of threads used.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(super) struct Cpu {
    /// Nanoseconds on a core.
    pub(super) run: u64,
    /// Nanoseconds ready to run while no core was free.
    pub(super) wait: u64,
}

/// What the process used so far.
#[derive(Debug, Default, Clone)]
pub(super) struct Usage {
    /// By thread name, without the numbers that tell threads of one kind apart. The first thread
    /// of the process is left out: it draws the progress bar.
    pub(super) threads: BTreeMap<String, Cpu>,
    /// Bytes that went to storage.
    pub(super) written: Option<u64>,
}

impl Usage {
    /// Reads /proc.
    pub(super) fn now() -> Self {
        let written = number_after(&read("/proc/self/io"), "write_bytes:");
        Self { threads: threads().unwrap_or_default(), written }
    }

    /// What was used since `before`.
    pub(super) fn since(&self, before: &Self) -> Self {
        let minus = |(name, cpu): (&String, &Cpu)| {
            let earlier = before.threads.get(name).copied().unwrap_or_default();
            let run = cpu.run.saturating_sub(earlier.run);
            (name.clone(), Cpu { run, wait: cpu.wait.saturating_sub(earlier.wait) })
        };
        let written = self.written.zip(before.written).map(|(now, was)| now.saturating_sub(was));
        Self { threads: self.threads.iter().map(minus).collect(), written }
    }
}

/// The most memory that the process ever had resident, in MiB.
pub(crate) fn peak_resident_mib() -> Option<u64> {
    number_after(&read("/proc/self/status"), "VmHWM:").map(|kib| kib / 1024)
}

/// Average number of threads of the machine that ran or wanted to, over the last minute, in
/// thousandths.
pub(super) fn load_average() -> Option<u64> {
    let text = read("/proc/loadavg");
    let (whole, hundredths) = text.split_whitespace().next()?.split_once('.')?;
    Some(whole.parse::<u64>().ok()? * 1000 + hundredths.parse::<u64>().ok()? * 10)
}

fn threads() -> Option<BTreeMap<String, Cpu>> {
    let first = std::process::id().to_string();
    let mut threads: BTreeMap<String, Cpu> = BTreeMap::new();
    for entry in fs::read_dir("/proc/self/task").ok()? {
        let entry = entry.ok()?;
        if entry.file_name().to_str() == Some(first.as_str()) {
            continue;
        }
        let task = entry.path();
        // A thread that has ended meanwhile is no longer there.
        let (Ok(name), Ok(times)) =
            (fs::read_to_string(task.join("comm")), fs::read_to_string(task.join("schedstat")))
        else {
            continue;
        };
        let mut times = times.split_whitespace().map_while(|text| text.parse::<u64>().ok());
        let (Some(run), Some(wait)) = (times.next(), times.next()) else { continue };
        let kind = name.trim().trim_end_matches(|c: char| c.is_ascii_digit() || c == '-');
        let cpu = threads.entry(kind.to_owned()).or_default();
        *cpu = Cpu { run: cpu.run + run, wait: cpu.wait + wait };
    }
    Some(threads)
}

/// An empty text if there is no such file, as on systems other than Linux.
fn read(path: &str) -> String {
    fs::read_to_string(path).unwrap_or_default()
}

/// The number that follows a label at the beginning of a line.
fn number_after(text: &str, label: &str) -> Option<u64> {
    let rest = text.lines().find_map(|line| line.strip_prefix(label))?;
    rest.split_whitespace().next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_found_by_their_label() {
        let text = "rchar: 1\nwrite_bytes: 4096\ncancelled_write_bytes: 3\n";
        assert_eq!(number_after(text, "write_bytes:"), Some(4096));
        assert_eq!(number_after(text, "VmHWM:"), None);
    }

    #[test]
    fn a_difference_is_taken_thread_by_thread() {
        let usage = |run, written| Usage {
            threads: BTreeMap::from([("family".to_owned(), Cpu { run, wait: 0 })]),
            written,
        };
        let used = usage(50, Some(9)).since(&usage(20, Some(4)));
        assert_eq!(used.threads["family"].run, 30);
        assert_eq!(used.written, Some(5));
        assert_eq!(usage(50, Some(9)).since(&usage(20, None)).written, None);
    }
}
