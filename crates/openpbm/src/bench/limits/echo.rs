//! The same bytes under the same load to a listener that sends back what it gets.

use std::io;

use openpbm_wire::ncpdp::framing::Deframer;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use crate::bench::claims::Claims;
use crate::bench::load::{Driven, Load};
use crate::bench::served::{ANYWHERE, runtime};
use crate::failure::{Context, Failure};

/// Drives a listener of the same kind as the server's, on the same kind of runtime.
pub(in crate::bench) fn echo(load: &Load, claims: Claims) -> Result<Driven, Failure> {
    let runtime = runtime("echo")?;
    let listener = runtime.block_on(TcpListener::bind(ANYWHERE)).context("listening")?;
    let address = listener.local_addr().context("listening")?;
    let accepting = runtime.spawn(accept(listener));
    let driven = load.drive(address, claims, "echoing the same bytes");
    accepting.abort();
    driven
}

async fn accept(listener: TcpListener) {
    while let Ok((stream, _)) = listener.accept().await {
        tokio::spawn(async move {
            if let Err(error) = answer(stream).await {
                tracing::debug!(%error, "an echo ended early");
            }
        });
    }
}

/// Cuts the stream into transmissions as the server does, and sends each back.
async fn answer(mut stream: TcpStream) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let mut deframer = Deframer::detecting();
    let (mut buffer, mut out) = (vec![0; 8 * 1024], Vec::new());
    loop {
        let read = stream.read(&mut buffer).await?;
        if read == 0 {
            return stream.shutdown().await;
        }
        deframer.push(buffer.get(..read).unwrap_or_default());
        while let Some(frame) = deframer.next_frame().map_err(io::Error::other)? {
            frame.framing.wrap(frame.transmission, &mut out).map_err(io::Error::other)?;
        }
        stream.write_all(&out).await?;
        out.clear();
    }
}
