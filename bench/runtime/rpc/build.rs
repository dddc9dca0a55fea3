//! Generates the service's client and server. The messages are written by hand, so no protoc is needed.

use tonic_build::manual::{Builder, Method, Service};

fn main() {
    let method = |name: &str, route: &str| {
        Method::builder()
            .name(name)
            .route_name(route)
            .input_type("crate::Question")
            .output_type("crate::Answer")
            .codec_path("tonic_prost::ProstCodec")
    };
    let service = Service::builder()
        .name("Shop")
        .package("bench")
        .method(method("ask", "Ask").build())
        .method(method("follow", "Follow").server_streaming().build())
        .build();
    Builder::new().compile(&[service]);
}
