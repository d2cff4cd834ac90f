//! Ends a server whose owner has gone without saying so: a test program that was killed, or one
//! whose server is shared by all its tests and so belongs to none.

use std::io::Write;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use std::os::unix::process::CommandExt;

use crate::ServerError;

/// Waits for a line, which says that all is well, or for the end of its input, which comes with
/// the end of the program that holds the other end, however it ends. Then it stops the server.
const WATCH: &str = r#"
read -r _ && exit 0
kill -INT "$1" 2>/dev/null
for _ in 1 2 3 4 5 6 7 8 9 10; do
    kill -0 "$1" 2>/dev/null || break
    sleep 0.5
done
[ -z "$2" ] || rm -rf "$2"
"#;

/// A small shell that watches over one server.
#[derive(Debug)]
pub(crate) struct Guard(Child);

impl Guard {
    /// Watches over the process, and takes away that directory with it, if one is given.
    pub(crate) fn over(process: u32, directory: Option<&Path>) -> Result<Self, ServerError> {
        let watching = Command::new("/bin/sh")
            .args(["-c", WATCH, "guard", &process.to_string()])
            .arg(directory.unwrap_or(Path::new("")))
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            // Ctrl-C is for the test program; its end is what the guard waits for.
            .process_group(0)
            .spawn();
        watching.map(Self).map_err(ServerError::failed("starting", "/bin/sh"))
    }

    /// The server has ended, or will be ended by someone else.
    pub(crate) fn dismiss(mut self) {
        if let Some(mut line) = self.0.stdin.take() {
            let _ = line.write_all(b"done\n");
        }
        let _ = self.0.wait();
    }
}
