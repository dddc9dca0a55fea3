//! What is made of this repository's packages, and where in the clone it belongs.

/// A dylib to make.
pub(super) struct Artefact {
    /// What the user is told.
    pub(super) name: &'static str,
    pub(super) package: &'static Package,
    /// The arguments for cargo that select it.
    pub(super) arguments: &'static [&'static str],
    /// Settings of the profile that differ from the package's, as environment variables.
    pub(super) settings: &'static [(&'static str, &'static str)],
    /// What cargo calls it.
    pub(super) made: &'static str,
    /// Its places in the clone.
    pub(super) files: &'static [&'static str],
}

/// What cargo calls either backend.
const BACKEND_DYLIB: &str = "libsnug.so";

/// A cargo package of this repository.
pub(super) struct Package {
    /// Its folder in the clone.
    pub(super) folder: &'static str,
    /// The name of its target folder in the cache.
    pub(super) target: &'static str,
    /// What in the clone goes into it. (Patches go in by way of cg_clif.)
    pub(super) inputs: &'static [&'static str],
    /// Whether crates that it compiled must be compiled again when it changes.
    pub(super) compiles: bool,
}

pub(super) const BACKEND: Package = Package {
    folder: "",
    target: "backend",
    inputs: &[
        "Cargo.toml",
        "Cargo.lock",
        "build.rs",
        "matched.rs",
        "src",
        "debuginfo/Cargo.toml",
        "debuginfo/src",
        "packing/Cargo.toml",
        "packing/src",
        "slots/Cargo.toml",
        "slots/src",
    ],
    compiles: true,
};

/// The same package, with a target folder for the backend that drives LLVM: two cargos may compile both then.
const LLVM_BACKEND: Package = Package { target: "llvm-backend", ..BACKEND };

const LOADER: Package = Package {
    folder: "loader",
    target: "loader",
    inputs: &["loader/Cargo.toml", "loader/Cargo.lock", "loader/src"],
    compiles: false,
};

const DRIVER: Package = Package {
    folder: "driver",
    target: "driver",
    inputs: &["driver/Cargo.toml", "driver/Cargo.lock", "driver/src"],
    compiles: false,
};

/// The same package. Of all that is in it, only `cargo snug` itself answers questions about sizes and stacks.
const CARGO_SNUG: Package = Package {
    inputs: &[
        "driver/Cargo.toml",
        "driver/Cargo.lock",
        "driver/src",
        "packing/Cargo.toml",
        "packing/src",
        "sizes/Cargo.toml",
        "sizes/src",
        "stack/Cargo.toml",
        "stack/src",
    ],
    ..DRIVER
};

const CLIPPY: Package = Package {
    folder: "clippy",
    target: "clippy",
    inputs: &["clippy/Cargo.toml", "clippy/Cargo.lock", "clippy/src"],
    compiles: false,
};

/// The backend that drives Cranelift.
pub(super) const CRANELIFT: Artefact = Artefact {
    name: "the Cranelift backend",
    package: &BACKEND,
    made: BACKEND_DYLIB,
    arguments: &["--lib", "--no-default-features", "--features", "cranelift,unwinding"],
    settings: &[],
    files: &["dist/lib/snug/snug.so"],
};

/// All that takes about as long together as Cranelift's backend alone.
pub(super) const OTHERS: [Artefact; 7] = [
    Artefact {
        name: "the LLVM backend",
        package: &LLVM_BACKEND,
        made: BACKEND_DYLIB,
        arguments: &["--lib", "--no-default-features", "--features", "llvm"],
        settings: &[],
        files: &["dist/lib/snug/snug_llvm.so"],
    },
    Artefact {
        name: "the compiler for stable Rust",
        package: &DRIVER,
        made: "snug-rustc",
        arguments: &["--bin", "snug-rustc"],
        settings: &[],
        files: &["dist/lib/snug/snug-rustc"],
    },
    Artefact {
        name: "what cargo calls as rustc",
        package: &DRIVER,
        made: "rustc",
        arguments: &["--bin", "rustc"],
        settings: &[],
        files: &[
            "dist/lib/snug/cranelift/rustc",
            "dist/lib/snug/llvm/rustc",
            "dist/bin/snug-rustc",
        ],
    },
    Artefact {
        name: "what cargo calls as rustdoc",
        package: &DRIVER,
        made: "rustdoc",
        arguments: &["--bin", "rustdoc"],
        settings: &[],
        files: &["dist/lib/snug/cranelift/rustdoc", "dist/lib/snug/llvm/rustdoc"],
    },
    Artefact {
        name: "what clippy loads first",
        package: &CLIPPY,
        made: "libsnug_clippy.so",
        arguments: &["--lib"],
        settings: &[],
        files: &["dist/lib/snug/libsnug_clippy.so"],
    },
    Artefact {
        name: "what cargo calls as clippy-driver",
        package: &DRIVER,
        made: "clippy-driver",
        arguments: &["--bin", "clippy-driver"],
        settings: &[],
        files: &["dist/lib/snug/cranelift/clippy-driver", "dist/lib/snug/llvm/clippy-driver"],
    },
    Artefact {
        name: "what cargo calls as cargo-clippy",
        package: &DRIVER,
        made: "cargo-clippy",
        arguments: &["--bin", "cargo-clippy"],
        settings: &[],
        files: &["dist/lib/snug/clippy/cargo-clippy"],
    },
];

/// What users start or load. What that needs is there before it is.
pub(super) const ENTRIES: [Artefact; 2] = [
    Artefact {
        name: "the loader",
        package: &LOADER,
        made: "libsnug_loader.so",
        arguments: &["--lib"],
        settings: &[],
        files: &["dist/lib/librustc_codegen_snug.so", "dist/lib/librustc_codegen_snug_llvm.so"],
    },
    Artefact {
        name: "cargo snug",
        package: &CARGO_SNUG,
        made: "cargo-snug",
        arguments: &["--bin", "cargo-snug"],
        settings: &[],
        files: &["dist/bin/cargo-snug"],
    },
];

/// The Cranelift backend without unwinding, as upstream ships it: for `y bench` alone.
pub(super) const WITHOUT_UNWINDING: Artefact = Artefact {
    name: "the Cranelift backend without unwinding",
    package: &BACKEND,
    made: BACKEND_DYLIB,
    arguments: &["--lib", "--no-default-features", "--features", "cranelift"],
    settings: &[],
    files: &[],
};

/// Where the backend with faults is, in the clone.
pub const WITH_FAULTS_FILE: &str = "build/faults/snug_llvm.so";

/// The LLVM backend that damages layouts and does without markers when it is told to: for tests and
/// benchmarks alone, and no part of `dist`.
pub(super) const WITH_FAULTS: Artefact = Artefact {
    name: "the LLVM backend with faults",
    package: &LLVM_BACKEND,
    made: BACKEND_DYLIB,
    arguments: &["--lib", "--no-default-features", "--features", "llvm,faults"],
    settings: QUICKLY_MADE,
    files: &[WITH_FAULTS_FILE],
};

/// The Cranelift backend that fills what is dead with rubbish when it is told to.
pub(super) const CRANELIFT_WITH_FAULTS: Artefact = Artefact {
    name: "the Cranelift backend with faults",
    package: &BACKEND,
    made: BACKEND_DYLIB,
    arguments: &["--lib", "--no-default-features", "--features", "cranelift,unwinding,faults"],
    settings: QUICKLY_MADE,
    files: &["build/faults/snug.so"],
};

/// What tests and benchmarks alone have need not be as fast as can be.
const QUICKLY_MADE: &[(&str, &str)] =
    &[("CARGO_PROFILE_RELEASE_LTO", "off"), ("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16")];
