//! Writes down which intrinsics Cranelift has, for `src/fallback/intrinsics.rs`: those that `matched.rs` finds.

#[cfg(feature = "cranelift")]
mod matched;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=matched.rs");
    #[cfg(feature = "cranelift")]
    cranelift::write_list();
}

#[cfg(feature = "cranelift")]
mod cranelift {
    use std::path::{Path, PathBuf};

    use crate::matched::{self, Family, Known};

    /// Writes the list into `OUT_DIR`, as Rust.
    pub(crate) fn write_list() {
        let folder = Path::new(&variable("CARGO_MANIFEST_DIR")).join(matched::FOLDER);
        // All files in it.
        println!("cargo::rerun-if-changed={}", folder.display());
        let list = written("LLVM", &matched::llvms(&folder))
            + &written("RUSTC", &matched::rustcs(&folder));
        let place = PathBuf::from(variable("OUT_DIR")).join("intrinsics.rs");
        std::fs::write(place, list).expect("OUT_DIR can be written to");
    }

    fn variable(name: &str) -> String {
        std::env::var(name).unwrap_or_else(|_| panic!("cargo sets {name}"))
    }

    fn written(constant: &str, families: &[Family]) -> String {
        let families: String = families
            .iter()
            .map(|Family { beginning, known: Known { names, beginnings } }| {
                format!("Family {{ beginning: {beginning:?}, names: &{names:?}, beginnings: &{beginnings:?} }},\n")
            })
            .collect();
        format!("const {constant}: &[Family] = &[\n{families}];\n")
    }
}
