//! Any file: reading never panics, and a file read to its end is written the same but for blanks.

#![no_main]

use libfuzzer_sys::fuzz_target;
use openpbm_wire::ncpdp::batch::{Reader, Writer};

fuzz_target!(|bytes: &[u8]| {
    let Ok(mut reader) = Reader::new(bytes) else { return };
    let Ok(mut writer) = Writer::new(Vec::new(), reader.header()) else { return };
    let mut details = Vec::new();
    loop {
        match reader.next_detail() {
            Ok(Some(detail)) => {
                writer.detail(detail.reference, detail.transmission).ok();
                details.push((detail.reference.to_owned(), detail.transmission.to_vec()));
            }
            Ok(None) => break,
            Err(_) => return,
        }
    }
    let Ok(file) = writer.finish("") else { return };
    let mut again = Reader::new(file.as_slice()).expect("what is written is read");
    for (reference, transmission) in details {
        // A transmission that holds STX was refused by the writer.
        if transmission.contains(&2) {
            continue;
        }
        let detail = again.next_detail().expect("in order").expect("as many");
        assert_eq!((detail.reference, detail.transmission), (&*reference, &*transmission));
    }
});
