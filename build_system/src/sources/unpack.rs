//! Unpacks the tarball, and makes sure that it is the right one, in a single pass.
//!
//! The bytes are hashed while they are decompressed, in a thread of its own, and what was unpacked
//! counts only if the sum is right at the end. Only what Snug uses is written (a tenth of the
//! files): the compiler, the library, the tests.
//!
//! The decompressor is a pure Rust crate: it needs a third more time than liblzma for this tarball
//! (5.3 against 3.8 seconds), but liblzma takes ten seconds to compile, and a fresh machine needs
//! both just once.

use std::fs::{self, File};
use std::io::{self, BufReader, Read};
use std::path::{Component, Path, PathBuf};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;

use anyhow::{Context, Result, anyhow, bail};
use lzma_rust2::XzReader;
use sha2::{Digest, Sha256};

use crate::cache::hex;
use crate::config::Pins;
use crate::ui::Progress;
use crate::versions::Sources;

/// The folders that are unpacked, below the tarball's top folder. Of the files beside them, all
/// are.
const FOLDERS: [&str; 5] =
    ["compiler", "library", "tests/ui", "tests/auxiliary", "tests/debuginfo"];
/// Bytes that travel from the decompressor to the unpacker at a time.
const CHUNK: usize = 1 << 20;

/// Whether a path (below the top folder) is one that Snug uses.
pub fn is_wanted(path: &Path) -> bool {
    path.components().count() == 1
        || path == Path::new("src/version")
        || FOLDERS.iter().any(|folder| path.starts_with(folder))
}

/// Unpacks into the folder `to`, which it makes.
pub fn unpack(tarball: &Path, pins: &Pins, to: &Path, progress: &Progress) -> Result<()> {
    let file =
        File::open(tarball).with_context(|| format!("{} cannot be opened", tarball.display()))?;
    let length = file.metadata()?.len();
    let (sender, receiver) = sync_channel(4);
    let (unpacked, sum) = thread::scope(|scope| {
        let decompressor = scope.spawn(|| decompress(file, sender));
        let unpacked =
            write_files(Chunks { receiver, current: Vec::new(), at: 0, read: 0 }, to, |read| {
                // The sources shrink to a ninth.
                progress.at(read.min(length * 9), length * 9, "");
            });
        (unpacked, decompressor.join().map_err(|_| anyhow!("the decompressor panicked")))
    });
    // A wrong sum explains whatever else went wrong, so it comes first; a full disk is no fault of
    // the tarball.
    if let Err(error) = &unpacked
        && crate::disk::is_full(error)
    {
        return unpacked;
    }
    let sum = sum??;
    let expected = pins.tarball().map_or("", |tarball| &tarball.sha256);
    if sum != expected {
        bail!(
            "the file is damaged, cut short or another version: its sha256 is {sum}, not {expected}"
        );
    }
    unpacked?;
    finish(to, pins)
}

/// Decompresses and hashes the file to its end, whatever the receiver does. The result is the sum.
fn decompress(file: File, sender: SyncSender<io::Result<Vec<u8>>>) -> Result<String> {
    let mut hashing = Hashing { file, sum: Sha256::new() };
    let mut xz = XzReader::new(BufReader::with_capacity(CHUNK, &mut hashing), true);
    loop {
        let mut chunk = vec![0; CHUNK];
        let piece = read_full(&mut xz, &mut chunk).map(|read| {
            chunk.truncate(read);
            chunk
        });
        let over = piece.as_ref().map_or(true, Vec::is_empty);
        if sender.send(piece).is_err() || over {
            break;
        }
    }
    drop((xz, sender));
    io::copy(&mut hashing, &mut io::sink())?;
    Ok(hex(&hashing.sum.finalize()))
}

fn read_full(from: &mut impl Read, buffer: &mut [u8]) -> io::Result<usize> {
    let mut filled = 0;
    while filled < buffer.len() {
        match from.read(&mut buffer[filled..])? {
            0 => break,
            read => filled += read,
        }
    }
    Ok(filled)
}

/// Hashes what passes through.
struct Hashing {
    file: File,
    sum: Sha256,
}

impl Read for Hashing {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.file.read(buffer)?;
        self.sum.update(&buffer[..read]);
        Ok(read)
    }
}

/// Reads what the decompressor sends.
struct Chunks {
    receiver: Receiver<io::Result<Vec<u8>>>,
    current: Vec<u8>,
    at: usize,
    read: u64,
}

impl Read for Chunks {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.at == self.current.len() {
            match self.receiver.recv() {
                Ok(chunk) => (self.current, self.at) = (chunk?, 0),
                Err(_) => return Ok(0),
            }
        }
        let read = buffer.len().min(self.current.len() - self.at);
        buffer[..read].copy_from_slice(&self.current[self.at..self.at + read]);
        self.at += read;
        self.read += read as u64;
        Ok(read)
    }
}

fn write_files(chunks: Chunks, to: &Path, see: impl Fn(u64)) -> Result<()> {
    fs::create_dir_all(to)?;
    let mut archive = tar::Archive::new(chunks);
    archive.set_preserve_mtime(true);
    for entry in archive.entries()? {
        let mut entry = entry?;
        see(entry.raw_file_position());
        let path: PathBuf = entry.path()?.components().skip(1).collect();
        let is_safe = path.components().all(|part| matches!(part, Component::Normal(_)));
        if !is_safe || path.as_os_str().is_empty() || !is_wanted(&path) {
            continue;
        }
        if entry.header().entry_type().is_dir() {
            continue; // made with the first file in it; a folder with a file's rights could get in the way
        }
        let target = to.join(&path);
        if let Some(folder) = target.parent() {
            fs::create_dir_all(folder)?;
        }
        entry.unpack(&target).with_context(|| format!("{} cannot be written", target.display()))?;
    }
    Ok(())
}

/// Checks what was unpacked or copied, and makes it ready for cargo.
pub fn finish(sources: &Path, pins: &Pins) -> Result<()> {
    // A distribution's package of sources has the version alone; that it fits, the package manager has seen to.
    let (file, expected) = match pins.sources {
        Sources::Tarball(_) => ("git-commit-hash", &pins.commit),
        Sources::InSysroot(_) => ("src/version", &pins.release),
    };
    let found = fs::read_to_string(sources.join(file)).unwrap_or_default();
    if found.trim() != expected {
        bail!(
            "they are not the sources of rustc {}: the file {file} does not say {expected}",
            pins.release
        );
    }
    if !sources.join("compiler/rustc_codegen_cranelift/Cargo.toml").exists() {
        bail!("the sources lack compiler/rustc_codegen_cranelift");
    }
    // The workspace names many tools that are not here.
    let manifest = sources.join("Cargo.toml");
    let text = fs::read_to_string(&manifest).context("the sources lack Cargo.toml")?;
    let kept: Vec<&str> = text.lines().filter(|line| is_present_member(line, sources)).collect();
    fs::write(&manifest, kept.join("\n") + "\n")?;
    // Cargo edits Cargo.lock in place; an interrupt in the middle of that is undone from here.
    fs::copy(sources.join("Cargo.lock"), sources.join("Cargo.lock.pristine"))
        .context("the sources lack Cargo.lock")?;
    Ok(())
}

/// Whether a line of the workspace's Cargo.toml may stay: all but the members that are not there.
fn is_present_member(line: &str, sources: &Path) -> bool {
    match line.trim().strip_prefix('"').and_then(|rest| rest.strip_suffix("\",")) {
        Some(member) if member.contains('/') && member.starts_with("src/") => {
            sources.join(member).join("Cargo.toml").exists()
        }
        _ => true,
    }
}
