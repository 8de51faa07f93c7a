# What a contributor needs; `just` lists it. CI runs .ci/run, which is `just ci`.

_list:
    @just --list --unsorted

# all tests, doc tests included
test:
    cargo test --all-features

# format, clippy, documentation
lint:
    cargo fmt --check
    cargo clippy --all-targets --all-features -- -D warnings
    RUSTDOCFLAGS=-Dwarnings cargo doc --no-deps --all-features

# benchmarks whose name contains FILTER, such as hash/rgb
bench FILTER='':
    cargo bench --all-features --bench '*' -- '{{ FILTER }}'

# other implementations beside ours: `hash` or `decode-hash`, and options
peers *ARGS='hash':
    benches/peers/run {{ ARGS }}

# one fuzz target, or all of them
fuzz TARGET='all' SECONDS='60':
    fuzz/run '{{ TARGET }}' '{{ SECONDS }}'

# the tool on pictures that it makes itself
demo:
    cargo run --release --features cli -- demo

# everything that must hold before a change lands
ci:
    bash .ci/run

# makes the test pictures and their reference hashes anew; testdata/README.md names the versions
testdata:
    python3 testdata/make.py
