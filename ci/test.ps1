# SPDX-License-Identifier: MIT
# ci/test.ps1 [PRESET...]   builds the presets for Visual Studio and runs their tests.
# The last line sums up the tests of all presets.

param([Parameter(ValueFromRemainingArguments)][string[]] $Presets = @('msvc'))

. "$PSScriptRoot/windows.ps1"
Set-Location (Split-Path $PSScriptRoot)

$passed = 0
$failed = 0
foreach ($preset in $Presets) {
    Build-Preset $preset
    $results = "$PWD/build/$preset/results.xml"
    ctest --preset $preset --parallel $env:NUMBER_OF_PROCESSORS --output-junit $results
    $suite = ([xml](Get-Content -Raw $results)).testsuite
    $failed += [int]$suite.failures
    $passed += [int]$suite.tests - [int]$suite.failures - [int]$suite.skipped - [int]$suite.disabled
}
"$passed passed, $failed failed"
exit [int]($failed -gt 0)
