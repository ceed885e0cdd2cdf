#include <zlib.h>

/* The library's own call is a macro, which Swift does not see. Raw deflate data, as in ZIP archives. */
static inline int graft_inflate_begin(z_stream *stream) { return inflateInit2(stream, -15); }

/* Deflate data with gzip's header and checksum, which zlib verifies. */
static inline int graft_gunzip_begin(z_stream *stream) { return inflateInit2(stream, 15 + 16); }
