//! A file a day with the day in its name, made for its owner alone; several processes may write to one. Of the days before, so
//! many stay, and what bears no such name is left alone.

use std::fs::{File, OpenOptions, read_dir, remove_file};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::clock::Clock;
use crate::regular;

/// Files of as many days are kept.
const DAYS: usize = 14;

/// The file of the day, as long as it is that day.
pub(super) struct Daily {
    files: Files,
    clock: Clock,
    day: Date,
    file: File,
}

/// Where the files lie, and what stands in their names before the day and behind it.
struct Files {
    folder: PathBuf,
    before: String,
    behind: String,
}

impl Daily {
    /// Opens today's: `zoho.log` is `zoho.2026-11-30.log`.
    pub(super) fn open(named: &Path, clock: Clock) -> io::Result<Self> {
        if named.metadata().is_ok_and(|found| !found.is_file()) {
            return Err(io::Error::new(
                io::ErrorKind::InvalidInput,
                "it is a directory or a device",
            ));
        }
        let files = Files::of(named);
        regular::make_directory(&files.folder)?;
        let day = today(&clock);
        let file = files.open(day)?;
        Ok(Daily {
            files,
            clock,
            day,
            file,
        })
    }
}

impl Write for Daily {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let day = today(&self.clock);
        if day != self.day {
            self.day = day;
            // Where that one cannot be made, the lines go on in yesterday's.
            if let Ok(file) = self.files.open(day) {
                self.file = file;
            }
        }
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

/// The files that a log of this name has, the oldest first, for who reads it, with what bears such a name and is no file; none
/// where there is no such folder.
///
/// # Errors
/// The folder cannot be listed.
pub fn day_files(named: &Path) -> io::Result<Vec<PathBuf>> {
    let mut dated = match Files::of(named).dated() {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Vec::new(),
        dated => dated?,
    };
    dated.sort_unstable();
    Ok(dated.into_iter().map(|(_, path)| path).collect())
}

impl Files {
    fn of(named: &Path) -> Self {
        let part = |part: Option<&std::ffi::OsStr>| part.map(|part| part.to_string_lossy().into_owned());
        Files {
            folder: named.parent().unwrap_or(Path::new("/")).to_owned(),
            before: format!("{}.", part(named.file_stem()).unwrap_or_default()),
            behind: part(named.extension()).map_or_else(String::new, |ending| format!(".{ending}")),
        }
    }

    fn open(&self, day: Date) -> io::Result<File> {
        let name = format!("{}{day}{}", self.before, self.behind);
        let file = regular::open(
            OpenOptions::new().append(true).create(true),
            &self.folder.join(name),
        )?;
        self.prune(day);
        Ok(file)
    }

    /// What bears a name of ours, each with its day.
    fn dated(&self) -> io::Result<Vec<(Date, PathBuf)>> {
        let mut dated = Vec::new();
        for entry in read_dir(&self.folder)? {
            let entry = entry?;
            let day = entry.file_name().to_str().and_then(|name| self.day_of(name));
            dated.extend(day.map(|day| (day, entry.path())));
        }
        Ok(dated)
    }

    /// Removes the oldest of the days before this one.
    fn prune(&self, today: Date) {
        let mut earlier = self.dated().unwrap_or_default();
        let is_file = |path: &Path| path.symlink_metadata().is_ok_and(|found| found.is_file());
        earlier.retain(|(day, path)| *day < today && is_file(path));
        earlier.sort_unstable();
        let surplus = (earlier.len() + 1).saturating_sub(DAYS);
        for (_, path) in earlier.into_iter().take(surplus) {
            let _ = remove_file(path); // another process may have done it
        }
    }

    /// The day that a name of ours has in it.
    fn day_of(&self, name: &str) -> Option<Date> {
        let day = name.strip_prefix(&self.before)?.strip_suffix(&self.behind)?;
        let date: Date = day.parse().ok()?;
        (date.to_string() == day).then_some(date)
    }
}

fn today(clock: &Clock) -> Date {
    let now = Timestamp::from_second(clock.now()).unwrap_or_default();
    now.to_zoned_datetime(TimeZone::UTC).date()
}
