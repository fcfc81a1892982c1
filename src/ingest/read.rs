use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;

/// Why bytes could not be had.
#[derive(Debug)]
pub(super) enum Problem {
    Empty,
    TooLarge,
    /// A pipe, a socket, a device.
    Special(&'static str),
    Io(io::Error),
}

/// Opens a regular file, unless it is larger than `max` bytes; `by_lines` leaves the size to [`Lines`].
pub(super) fn open(path: &Path, max: u64, by_lines: bool) -> Result<BufReader<File>, Problem> {
    // Asked before opening: opening a named pipe waits for a writer for ever.
    let metadata = std::fs::metadata(path).map_err(Problem::Io)?;
    if !metadata.is_file() {
        return Err(Problem::Special(if metadata.is_dir() {
            "a folder"
        } else {
            special(&metadata)
        }));
    }
    if metadata.len() > max && !by_lines {
        return Err(Problem::TooLarge);
    }
    File::open(path).map(|file| BufReader::with_capacity(64 * 1024, file)).map_err(Problem::Io)
}

#[cfg(unix)]
fn special(metadata: &std::fs::Metadata) -> &'static str {
    use std::os::unix::fs::FileTypeExt;
    let kind = metadata.file_type();
    match () {
        () if kind.is_fifo() => "a named pipe",
        () if kind.is_socket() => "a socket",
        () => "a device",
    }
}

#[cfg(not(unix))]
fn special(_metadata: &std::fs::Metadata) -> &'static str {
    "a device"
}

/// Reads to the end, holding at most `max` bytes and one more.
pub(super) fn all(input: &mut dyn BufRead, max: u64) -> Result<Vec<u8>, Problem> {
    let mut bytes = Vec::new();
    input.take(max.saturating_add(1)).read_to_end(&mut bytes).map_err(Problem::Io)?;
    match bytes.len() as u64 {
        0 => Err(Problem::Empty),
        n if n > max => Err(Problem::TooLarge),
        _ => Ok(bytes),
    }
}

/// Returns whether the first character that is no white space is `{`: JSON Lines, not prose. Consumes nothing.
pub(super) fn starts_with_brace(input: &mut dyn BufRead) -> io::Result<bool> {
    let head = input.fill_buf()?;
    let head = head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(head);
    let first = head.iter().find(|b| !b.is_ascii_whitespace());
    // RTF begins with a brace too.
    Ok(first == Some(&b'{') && !head.starts_with(b"{\\rtf"))
}

/// The lines of a stream, none of them held beyond a limit.
pub(super) struct Lines<'a> {
    input: &'a mut dyn BufRead,
    max: u64,
    line: Vec<u8>,
    ended: bool,
}

impl<'a> Lines<'a> {
    pub(super) fn new(input: &'a mut dyn BufRead, max: u64) -> Self {
        Lines { input, max, line: Vec::new(), ended: false }
    }

    /// Returns the next line without its end, or `None` after the last; a line over the limit is passed over.
    pub(super) fn next_line(&mut self) -> Option<Result<&[u8], Problem>> {
        if self.ended {
            return None;
        }
        self.line.clear();
        let (mut any, mut too_large) = (false, false);
        loop {
            let buffer = match self.input.fill_buf() {
                Ok(buffer) => buffer,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => {
                    self.ended = true;
                    return Some(Err(Problem::Io(error)));
                }
            };
            if buffer.is_empty() {
                self.ended = true;
                break;
            }
            any = true;
            let end = buffer.iter().position(|b| *b == b'\n');
            let part = &buffer[..end.unwrap_or(buffer.len())];
            if (self.line.len() + part.len()) as u64 > self.max {
                too_large = true;
                self.line = Vec::new();
            } else if !too_large {
                self.line.extend_from_slice(part);
            }
            let used = part.len() + usize::from(end.is_some());
            self.input.consume(used);
            if end.is_some() {
                break;
            }
        }
        match (any, too_large) {
            (false, _) => None,
            (_, true) => Some(Err(Problem::TooLarge)),
            _ => Some(Ok(&self.line)),
        }
    }
}
