// SPDX-License-Identifier: MIT
#pragma once

// International host names in the ASCII form that the DNS knows: "bücher.example" is
// "xn--bcher-kva.example".

#include <optional>
#include <string>
#include <string_view>

namespace portsock::detail {

/// The host name with each label that is not ASCII in its "xn--" form (RFC 3492), or nothing if
/// this is not a host name: no valid UTF-8, a control character or space in it, a label that is
/// empty or longer than 63 bytes, more than 253 bytes in all. One dot at the end is fine, and
/// stays.
///
/// ASCII labels are passed on as they are. In others ASCII letters become lower case; U+3002,
/// U+FF0E and U+FF61 are dots. Nothing else is mapped (UTS #46, nameprep): a name that has capitals
/// beyond ASCII, decomposed accents or wide letters becomes another name than a browser would ask
/// for.
///
/// Pure; any thread may call it at any time.
std::optional<std::string> to_ascii(std::string_view utf8_host);

}  // namespace portsock::detail
