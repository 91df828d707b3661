//! Build script: puts every file of this folder and of `migrations/` into the binary and registers the function each tool
//! names, so that a new tool or migration is a new file and nothing else.

#![allow(clippy::print_stdout, reason = "cargo reads what a build script prints")]

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    println!("cargo:rerun-if-changed=tool-schemas");
    println!("cargo:rerun-if-changed=migrations");
    let variable = |name| env::var(name).map_err(io::Error::other);
    let root = PathBuf::from(variable("CARGO_MANIFEST_DIR")?);
    let target = PathBuf::from(variable("OUT_DIR")?);
    let (tools, migrations) = (root.join("tool-schemas"), root.join("migrations"));
    let files = files(&tools, "json")?;
    let all = [&files[..], &self::files(&tools, "md")?].concat();
    fs::write(target.join("tool_schemas.rs"), embedded(&tools, &all)?)?;
    fs::write(target.join("handlers.rs"), registered(&files)?)?;
    fs::write(
        target.join("migrations.rs"),
        embedded(&migrations, &self::files(&migrations, "sql")?)?,
    )?;
    if variable("CARGO_CFG_TARGET_OS")? == "linux" && variable("CARGO_CFG_TARGET_ENV")? == "gnu" {
        // Relocations take a fiftieth of the room, and of the memory of every process.
        println!("cargo:rustc-link-arg-bins=-Wl,-z,pack-relative-relocs");
    }
    Ok(())
}

fn files(root: &Path, ending: &str) -> io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for folder in fs::read_dir(root)? {
        let folder = folder?.path();
        if folder.is_dir() {
            for file in fs::read_dir(folder)? {
                files.push(file?.path());
            }
        }
    }
    files.retain(|file| file.extension().is_some_and(|end| end == ending));
    files.sort();
    Ok(files)
}

fn embedded(root: &Path, files: &[PathBuf]) -> io::Result<String> {
    let mut code = String::from("pub(crate) const FILES: &[(&str, &str)] = &[\n");
    for file in files {
        let name = file.strip_prefix(root).map_err(io::Error::other)?;
        let name = name.to_string_lossy().replace('\\', "/");
        let _ = writeln!(
            code,
            "    ({name:?}, include_str!({:?})),",
            file.to_string_lossy()
        );
    }
    code.push_str("];\n");
    Ok(code)
}

/// A row for every function that a tool file names; one that does not exist stops the build.
fn registered(files: &[PathBuf]) -> io::Result<String> {
    let mut code = String::new();
    for (member, table, row) in [
        ("handler", "HANDLERS", "Handler"),
        ("plan", "PLANNERS", "Planner"),
    ] {
        let mut names = BTreeSet::new();
        for file in files {
            names.extend(function(&fs::read_to_string(file)?, member));
        }
        let _ = writeln!(
            code,
            "/// Every {member} that a tool file names.\npub const {table}: &[{row}] = &["
        );
        for name in names {
            let _ = writeln!(code, "    ({name:?}, |context| Box::pin({name}(context))),");
        }
        code.push_str("];\n");
    }
    Ok(code)
}

/// The value of a member; the tests read the same files as JSON and compare.
fn function(text: &str, member: &str) -> Option<String> {
    let value = text
        .split_once(&format!("\"{member}\": \""))?
        .1
        .split('"')
        .next()?;
    let is_path = |c: char| c.is_ascii_lowercase() || matches!(c, '_' | ':');
    value.chars().all(is_path).then(|| value.to_owned())
}
