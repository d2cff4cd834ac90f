//! Every figure in words. A test holds the list to the report's JSON, name by name.

/// Name in the JSON, and what it says.
const FIGURES: &[(&str, &str)] = &[
    ("store", "where the journal is kept"),
    ("loop", "closed: a claim follows an answer; open: claims come at a rate, whatever happens"),
    ("seconds", "how long claims were sent"),
    ("connections", "TCP connections, all open before the first claim"),
    ("outstanding", "claims under way on each connection (closed loop; null in an open one)"),
    ("rate", "claims a second that were due (open loop; null in a closed one)"),
    ("members", "members on file"),
    ("families", "families that they are of: the unit that is decided and committed as one"),
    ("entries_before", "entries of the journal when the load began"),
    ("cores", "cores of this machine; server and load share them"),
    ("load_average", "threads of the machine that wanted a core in the minute before: other work"),
    ("sent", "claims sent, each with a prescription number of its own"),
    ("answered", "answers received"),
    ("paid", "of them paid"),
    ("rejected", "of them rejected for a reason of the benefit"),
    ("unavailable", "of them rejected with 92: not decided, to be sent again"),
    ("other", "of them anything else"),
    ("unanswered", "claims without an answer 15 seconds after the last was sent"),
    ("claims_per_s", "claims decided, made durable and answered, a second, first to last answer"),
    ("p50_ms", "half of the answers came within so many milliseconds"),
    ("p99_ms", "99 of 100 did"),
    ("p999_ms", "999 of 1000 did"),
    ("max_ms", "the slowest took so long; all four count from the instant a claim was due"),
    ("late_p99_ms", "99 of 100 claims left the generator within so long of their instant"),
    ("batch_claims", "claims made durable by one commit, on average"),
    ("commits_per_s", "commits a second"),
    ("bytes_per_claim", "growth of the data directory, logs included, by claim"),
    ("written_per_claim", "bytes that went to storage, by claim; null where Linux does not tell"),
    ("cpu_us_per_claim", "microseconds of a core that the server's threads used by claim"),
    ("cpu_us_by_thread", "the same by kind of thread: server reads, decodes, encodes and writes"),
    ("wait_us_per_claim", "microseconds in which they wanted a core and had none, by claim"),
    ("generator_us_per_claim", "microseconds of a core that the load used, without its clock"),
    ("peak_resident_mib", "most memory that the process had, load and all members included"),
    ("syncs_per_s", "this disk: fdatasync of 4 KiB, the better of before and after the run"),
    ("appends_per_s", "the run's rows appended to an empty journal with nothing to decide"),
    ("append_batch", "rows in a commit of that: the run's average"),
    ("echoes_per_s", "the same bytes sent back by a listener, under the same load"),
    ("echo_p99_ms", "99 of 100 echoes came within so many milliseconds"),
    ("ratio_to_sync", "claims_per_s to syncs_per_s: claims made durable by what one sync costs"),
    ("ratio_to_append", "claims_per_s to appends_per_s"),
    ("ratio_to_echo", "claims_per_s to echoes_per_s; near 1 in an open loop that is kept up with"),
];

/// Read by people who wonder whether the figures can be trusted.
const FAIRNESS: &str = "\
In an open loop latency counts from the instant at which a claim was due, not from when it could
be sent: a stall counts for every claim that it held up (coordinated omission). Server and load
share this machine; the ratios say more than the figures, and other work falsifies both. The work
of the kernel for loopback is counted for whichever side sends.
";

/// What `openpbm bench --help` says below its options.
pub(crate) fn help() -> String {
    let mut text = "Example:\n  openpbm bench\n  \
                    openpbm bench --outstanding 16 --seconds 30 --svg latency.svg\n  \
                    openpbm bench --rate 1100 --members 1000000 --data ./bench --json\n\n\
                    The figures, by their names in --json:\n"
        .to_owned();
    for (name, words) in FIGURES {
        text.push_str(&format!("  {name:<22}  {words}\n"));
    }
    text.push('\n');
    text.push_str(FAIRNESS);
    text
}
