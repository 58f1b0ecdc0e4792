// SPDX-License-Identifier: MIT
#pragma once

// The suites: what is measured, by what means, is each one's first comment.

#include <vector>

#include "rounds.hpp"

namespace compare {

void compare_ping_pong(const settings&, std::vector<outcome>&);
void compare_echo(const settings&, std::vector<outcome>&);
void compare_idle(const settings&, std::vector<outcome>&);
void compare_accept(const settings&, std::vector<outcome>&);
void compare_datagrams(const settings&, std::vector<outcome>&);
void compare_bulk(const settings&, std::vector<outcome>&);
void compare_text(const settings&, std::vector<outcome>&);

}  // namespace compare
