//! Spans arrive at a collector, and say nothing about a person. With the feature `otel` alone.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use crate::world::{Server, World, now};

/// A collector on loopback: what is posted to it, path and body.
fn collector() -> (String, Receiver<(String, Vec<u8>)>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let (post, posted) = channel();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = BufReader::new(stream.unwrap());
            let mut head = Vec::new();
            while !head.ends_with(b"\r\n\r\n") {
                if stream.read_until(b'\n', &mut head).unwrap() == 0 {
                    break;
                }
            }
            let head = String::from_utf8(head).unwrap().to_lowercase();
            let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
            let Some(length) = length else { continue };
            let mut body = vec![0; length.trim().parse().unwrap()];
            stream.read_exact(&mut body).unwrap();
            let answer = b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
            stream.get_mut().write_all(answer).unwrap();
            let path = head.split(' ').nth(1).unwrap().to_owned();
            if post.send((path, body)).is_err() {
                return;
            }
        }
    });
    (address, posted)
}

/// How often some bytes occur.
fn count(bytes: &[u8], part: &str) -> usize {
    bytes.windows(part.len()).filter(|window| *window == part.as_bytes()).count()
}

/// What a collector got of so many transmissions.
fn traced(transmissions: usize, ratio: &str) -> (Vec<u8>, World) {
    let (address, posted) = collector();
    let mut world = World::new(81);
    let mut command = world.command(World::SERVE);
    command.env("OTEL_EXPORTER_OTLP_ENDPOINT", &address);
    command.env("OTEL_TRACES_SAMPLER_ARG", ratio).env("OTEL_SERVICE_NAME", "counter-7");
    let server = Server::start(command);
    let mut pharmacy = server.pharmacy();
    for _ in 0..transmissions {
        let operation = world.workload.next(now().date());
        let reply = pharmacy.ask(&operation);
        world.workload.learn(&operation, &reply);
    }
    drop(pharmacy);
    // What is kept back is sent at the end.
    server.stop();
    let mut all = Vec::new();
    while let Ok((path, body)) = posted.recv_timeout(Duration::from_millis(500)) {
        assert_eq!(path, "/v1/traces");
        all.extend(body);
    }
    (all, world)
}

#[test]
fn spans_of_each_stage_arrive_and_name_nobody() {
    let (spans, world) = traced(40, "1");
    assert_eq!(count(&spans, "transmission"), 40);
    for stage in ["read", "wait", "decide", "return", "write"] {
        assert!(count(&spans, stage) >= 40, "{stage}");
    }
    // What changes nothing is not made durable.
    assert!((1..=40).contains(&count(&spans, "append")));
    assert!(count(&spans, "counter-7") > 0 && count(&spans, "paid") > 0);
    assert_eq!(count(&spans, "openpbm.answers"), 40);
    for (family, members) in world.workload.families() {
        assert_eq!(count(&spans, family.as_str()), 0);
        for member in members {
            assert_eq!(count(&spans, &member.birth.to_string()), 0);
            assert_eq!(count(&spans, &member.birth.compact()), 0);
        }
    }
}

#[test]
fn as_many_are_traced_as_were_asked_for() {
    assert_eq!(count(&traced(40, "0.25").0, "transmission"), 10);
    assert!(traced(10, "0").0.is_empty());
}

#[test]
fn a_share_that_is_none_is_refused() {
    let world = World::new(82);
    let mut command = world.command(World::SERVE);
    command.env("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:1");
    command.env("OTEL_TRACES_SAMPLER_ARG", "often");
    let said = crate::world::ended(&mut command).refused();
    assert!(said.contains("OTEL_TRACES_SAMPLER_ARG is `often`"), "{said}");
}

/// Whoever listens to nobody slows nobody down.
#[test]
fn a_collector_that_is_not_there_harms_nobody() {
    let mut world = World::new(83);
    let mut command = world.command(World::SERVE);
    command.env("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:1");
    command.env("OTEL_TRACES_SAMPLER_ARG", "1");
    let server = Server::start(command);
    let mut pharmacy = server.pharmacy();
    for _ in 0..3000 {
        let operation = world.workload.next(now().date());
        let reply = pharmacy.ask(&operation);
        assert!(!reply.is_no_answer());
        world.workload.learn(&operation, &reply);
    }
    drop(pharmacy);
    server.stop();
}
