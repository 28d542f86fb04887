#!/bin/sh
# The step of Wercker: properties into variables of glide-step, and the cache of the pipeline for Glide's home.
# Wercker reads this file into the shell of the pipeline; so later steps find GLIDE_HOME, and glide-rs on PATH.

glide_step() { # COMMAND
    GLIDE_RS="${WERCKER_GLIDE_RS_PROGRAM:-}" \
        GLIDE_RS_URL="${WERCKER_GLIDE_RS_URL:-}" \
        GLIDE_RS_SHA256="${WERCKER_GLIDE_RS_SHA256:-}" \
        GLIDE_STEP_CACHE="${WERCKER_CACHE_DIR:-$HOME/.cache}/glide-rs" \
        GLIDE_STEP_PROJECT="${WERCKER_GLIDE_RS_PROJECT:-${WERCKER_SOURCE_DIR:-.}}" \
        GLIDE_STEP_MIRRORS="${WERCKER_GLIDE_RS_MIRRORS:-}" \
        GLIDE_STEP_LOCKED="${WERCKER_GLIDE_RS_LOCKED:-}" \
        GLIDE_STEP_STRIP_VENDOR="${WERCKER_GLIDE_RS_STRIP_VENDOR:-}" \
        GLIDE_STEP_SKIP_TEST="${WERCKER_GLIDE_RS_SKIP_TEST:-}" \
        GLIDE_STEP_AUDIT="${WERCKER_GLIDE_RS_AUDIT:-}" \
        GLIDE_STEP_AUDIT_FAILS="${WERCKER_GLIDE_RS_AUDIT_FAILS:-}" \
        GLIDE_STEP_REPORT="${WERCKER_GLIDE_RS_REPORT:-}" \
        GLIDE_STEP_BUILD="${WERCKER_GLIDE_RS_BUILD:-}" \
        sh "$WERCKER_STEP_ROOT/glide-step" "$1"
}

# A line of what `prepare` has printed.
glide_step_prepared() { # NAME
    printf '%s\n' "$glide_step_lines" | sed -n "s/^$1=//p"
}

glide_step_all() {
    glide_step_lines=$(glide_step prepare) || return 1
    glide_step install || return 1
    if [ -n "${WERCKER_GLIDE_RS_AUDIT:-}" ]; then
        glide_step audit || return 1
    fi
    if [ -n "${WERCKER_GLIDE_RS_BUILD:-}" ]; then
        glide_step build || return 1
    fi
    GLIDE_HOME=$(glide_step_prepared home)
    PATH=$(dirname "$(glide_step_prepared program)"):$PATH
    export GLIDE_HOME PATH
}

if ! glide_step_all; then
    # `fail` is Wercker's: it shows the text on the page of the build.
    if command -v fail > /dev/null; then
        fail "glide-rs has failed, see above"
    fi
    exit 1
fi
