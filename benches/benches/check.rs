//! How long a real-time benefit check takes over HTTP, beside a request that answers nothing: the
//! ratio says what the check itself costs and holds from machine to machine.
//!
//! Each check asks for one drug at a retail pharmacy and gets its price with up to twenty covered
//! alternatives, each decided as a claim for it would be, with its steps. One asks after another
//! over one connection. `cargo bench -p openpbm-benches --bench check -- --seconds 5`
//!
//! `OPENPBM_DIRECTORY` names another book's folder, like a copy of the sample with the full FDA
//! directory beside its drugs: of so many one in a hundred is asked for.

use std::error::Error;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use openpbm_core::Ndc;
use openpbm_house::{Fill, House};
use openpbm_server::{Config, Limits, Server, runtime};

type Outcome<T> = Result<T, Box<dyn Error>>;

/// Of a book with more drugs, so many are asked for.
const MOST_DRUGS: usize = 2_500;
/// Claims that the family has on record.
const ON_RECORD: u64 = 24;

fn main() -> Outcome<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let seconds = arguments.iter().skip_while(|argument| *argument != "--seconds").nth(1);
    let is_test = arguments.iter().any(|argument| argument == "--test");
    let span = match seconds {
        Some(seconds) => Duration::from_secs(seconds.parse()?),
        None if is_test => Duration::from_millis(20),
        None => Duration::from_secs(5),
    };
    let book = std::env::var_os("OPENPBM_DIRECTORY").map(PathBuf::from);
    let house = book.map_or_else(House::open, |folder| House::open_with(&folder));
    for prescription in 1..=ON_RECORD {
        house.pbm.submit(Fill::eliquis(prescription).billing()).wait();
    }
    let sockets = runtime("sockets")?;
    let config = Config {
        http: "127.0.0.1:0".parse()?,
        ncpdp: "127.0.0.1:0".parse()?,
        limits: Limits::default(),
        ..Config::default()
    };
    let server = sockets.block_on(Server::bind(house.pbm.clone(), config))?;
    let address = server.http_addr();
    sockets.spawn(server.run(std::future::pending()));
    let mut client = Client::connect(address)?;
    let book = house.pbm.book();
    let drugs = book.drugs();
    let every = drugs.len().div_ceil(MOST_DRUGS).max(1);
    let ids = drugs.ids().step_by(every);
    let ndcs: Vec<Ndc> = ids.filter_map(|id| Some(drugs.drug(id)?.ndc)).collect();
    report(&mut client, &ndcs, span)
}

fn report(client: &mut Client, ndcs: &[Ndc], span: Duration) -> Outcome<()> {
    let all: Vec<String> = ndcs.iter().map(|ndc| check(*ndc)).collect();
    let mut offered = Vec::new();
    for request in &all {
        offered.push(client.ask(request)?.matches("\"relation\"").count().saturating_sub(1));
    }
    let highest = offered.iter().copied().max().unwrap_or_default();
    let with_highest = all.iter().zip(&offered).filter(|(_, offers)| **offers == highest);
    let most: Vec<String> = with_highest.map(|(request, _)| request.clone()).collect();
    let nothing = vec!["GET /healthz HTTP/1.1\r\nhost: localhost\r\n\r\n".to_owned()];
    let mut output = std::io::stdout().lock();
    writeln!(
        output,
        "{:>28} {:>8} {:>9} {:>9} {:>9} {:>9}",
        "asked", "checks", "p50 us", "p99 us", "max us", "ratio"
    )?;
    let mut usual = 0;
    for (name, requests) in [
        ("nothing (GET /healthz)".to_owned(), &nothing),
        (format!("{} drugs", all.len()), &all),
        (format!("{} with {highest} alternatives", most.len()), &most),
    ] {
        let micros = measure(client, requests, span)?;
        let of = |percent| percentile(&micros, percent);
        usual = if usual == 0 { of(50).max(1) } else { usual };
        writeln!(
            output,
            "{name:>28} {:>8} {:>9} {:>9} {:>9} {:>9}",
            micros.len(),
            of(50),
            of(99),
            of(100),
            format!("{}.{}", of(50) / usual, of(50) * 10 / usual % 10)
        )?;
    }
    Ok(())
}

/// Microseconds of each answer, in order.
fn measure(client: &mut Client, requests: &[String], span: Duration) -> Outcome<Vec<u128>> {
    let (begun, mut micros) = (Instant::now(), Vec::new());
    for request in requests.iter().cycle() {
        let asked = Instant::now();
        client.ask(request)?;
        micros.push(asked.elapsed().as_micros());
        if begun.elapsed() >= span {
            break;
        }
    }
    micros.sort_unstable();
    Ok(micros)
}

fn percentile(sorted: &[u128], percent: usize) -> u128 {
    let place = (sorted.len() * percent).div_ceil(100).saturating_sub(1);
    sorted.get(place).copied().unwrap_or_default()
}

/// Thirty units for thirty days at Harborview Pharmacy, for Ana Rivera.
fn check(ndc: Ndc) -> String {
    let body = format!(
        "{{\"cardholder\": \"CSC100001\", \"person\": \"01\", \"date\": \"2026-03-12\", \"drugs\": \
         [{{\"ndc\": \"{ndc}\", \"quantity\": \"30\", \"days\": 30}}], \"pharmacies\": \
         [\"1999000015\"]}}"
    );
    format!(
        "POST /api/v1/benefit-check HTTP/1.1\r\nhost: localhost\r\ncontent-type: \
         application/json\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    )
}

/// One connection that is kept.
struct Client {
    stream: BufReader<TcpStream>,
}

impl Client {
    fn connect(address: std::net::SocketAddr) -> Outcome<Self> {
        let stream = TcpStream::connect(address)?;
        stream.set_nodelay(true)?;
        Ok(Self { stream: BufReader::new(stream) })
    }

    /// The body of the answer, which must be a good one.
    fn ask(&mut self, request: &str) -> Outcome<String> {
        self.stream.get_mut().write_all(request.as_bytes())?;
        let (mut status, mut length) = (String::new(), 0);
        self.stream.read_line(&mut status)?;
        loop {
            let mut line = String::new();
            self.stream.read_line(&mut line)?;
            let line = line.trim().to_ascii_lowercase();
            if line.is_empty() {
                break;
            }
            if let Some(value) = line.strip_prefix("content-length:") {
                length = value.trim().parse()?;
            }
        }
        let mut body = vec![0; length];
        self.stream.read_exact(&mut body)?;
        let body = String::from_utf8(body)?;
        if status.starts_with("HTTP/1.1 200") { Ok(body) } else { Err(body.into()) }
    }
}
