import type { Texts } from './texts.ts';

/** The last sentence where only the helpdesk can tell more. */
const ASK_SUPPORT =
  'Wenn es wieder geschieht, wenden Sie sich an Ihren Helpdesk und nennen Sie den Code und die Anfragenummer, die unten stehen.';
/** The way on where nothing else helps. */
const CALL_SUPPORT =
  'Wenden Sie sich an Ihren Helpdesk und nennen Sie den Code und die Anfragenummer, die unten stehen.';

/** German. */
export const de: Texts = {
  direction: 'ltr',
  smallPrint: {
    code: 'Code',
    requestId: 'Anfragenummer',
    organisation: 'Organisation',
    providerCode: 'Fehlernummer des Anmeldedienstes',
    correlationId: 'Korrelations-ID',
  },
  support: { question: 'Brauchen Sie Hilfe?', link: 'Support kontaktieren' },
  actions: {
    tryAgain: 'Erneut versuchen',
    signIn: 'Anmelden',
    signInAgain: 'Erneut anmelden',
    useAnother: 'Anderes Konto verwenden',
    signOut: 'Abmelden',
    staySignedIn: 'Angemeldet bleiben',
    goOn: 'Weiter',
    goOnAsYouAre: 'Ohne neue Anmeldung fortfahren',
    openWindow: 'In neuem Fenster öffnen',
    toStart: 'Zur Startseite',
    approve: 'Als Administrator zustimmen',
    signInThrough: name => `Weiter mit ${name}`,
    toPortal: portal => `Portal „${portal}“ öffnen`,
  },

  chooser: {
    words: ['Anmelden', 'Wählen Sie, wie Sie sich anmelden möchten.'],
    addressAlone: 'An Ihrer E-Mail-Adresse erkennen wir, wo Sie sich anmelden.',
    last: 'Zuletzt verwendet',
    addressBelow: 'Oder geben Sie Ihre dienstliche E-Mail-Adresse ein',
    address: 'Dienstliche E-Mail-Adresse',
    unmatched: 'Für diese Adresse kennen wir keine Anmeldung. Prüfen Sie, ob sie richtig geschrieben ist.',
  },
  moveOn: ['Weiter zur Anmeldung', 'Sie werden dorthin geleitet.'],
  askBeforeSwitching: {
    heading: 'Sie sind bereits angemeldet',
    who: name => `Sie sind angemeldet als ${name}.`,
    somebody: 'In diesem Browser ist bereits jemand angemeldet.',
    why: 'Ein Link von einer anderen Website wollte Sie erneut anmelden. Fahren Sie fort wie bisher, oder melden Sie sich erneut an, wenn Sie ein anderes Konto verwenden möchten.',
  },
  notAdmitted: {
    heading: 'Sie haben keinen Zugang zu diesem Portal',
    who: (person, portal) =>
      `Sie sind angemeldet als ${person}. Dieses Konto hat keinen Zugang zum Portal „${portal}“.`,
    elsewhere:
      'Sie können ein Portal öffnen, das Ihnen offensteht, oder ein anderes Konto verwenden. Wenn Sie Zugang haben sollten, fragen Sie Ihre IT-Abteilung.',
    nowhere: 'Verwenden Sie ein anderes Konto, oder bitten Sie Ihre IT-Abteilung um Zugang.',
  },
  signInRequired: [
    'Bitte melden Sie sich an',
    'Sie sind nicht angemeldet, oder Ihre Sitzung ist beendet. Was Sie gerade senden wollten, wurde nicht gespeichert.',
    'Melden Sie sich an, und senden Sie es dann noch einmal.',
  ],
  framedSignIn: [
    'Bitte melden Sie sich an',
    'Für diesen Teil der Seite müssen Sie sich anmelden. Innerhalb einer anderen Seite ist das nicht möglich.',
    'Öffnen Sie ihn in einem eigenen Fenster, und melden Sie sich dort an.',
  ],
  sessionMissing: [
    'Niemand ist angemeldet',
    'In diesem Browser gibt es keine Sitzung, oder sie ist beendet.',
    'Melden Sie sich an, um fortzufahren.',
  ],
  signedOut: [
    'Sie sind abgemeldet',
    'Sie haben den Helpdesk verlassen. Schließen Sie an einem gemeinsam genutzten Computer auch alle Fenster des Browsers.',
    'Sie können sich jederzeit wieder anmelden.',
  ],
  signOutQuestion: {
    heading: 'Möchten Sie sich abmelden?',
    who: name => `Sie sind angemeldet als ${name}.`,
    somebody: 'Damit endet Ihre Sitzung in diesem Browser.',
    unsaved: 'Was Sie nicht gespeichert haben, geht verloren.',
  },
  nativeSignInRefused: [
    'Melden Sie sich mit dem Konto Ihrer Organisation an',
    'Die Anmeldung mit Benutzername und Kennwort des Helpdesks selbst ist hier abgeschaltet.',
    'Verwenden Sie stattdessen das Konto Ihrer Organisation.',
  ],

  signInFailed: {
    SIGN_IN_CANCELLED: [
      'Die Anmeldung wurde abgebrochen',
      'Sie haben die Anmeldeseite geschlossen oder nicht fortgesetzt. Sie sind deshalb nicht angemeldet.',
      'Wenn Sie das nicht wollten, versuchen Sie es erneut.',
    ],
    ACCOUNT_NOT_IN_ORGANISATION: [
      'Dieses Konto kann hier nicht verwendet werden',
      'Das gewählte Konto gehört nicht zu der Organisation, die diesen Helpdesk betreibt. Vielleicht ist es ein privates Konto oder eines aus einer anderen Organisation.',
      'Melden Sie sich mit Ihrem Geschäfts-, Schul- oder Unikonto an.',
    ],
    TENANT_NOT_ADMITTED: [
      'Ihre Organisation ist hier nicht eingetragen',
      'Die Anmeldung war erfolgreich, aber Konten Ihrer Organisation haben keinen Zugang zu diesem Helpdesk.',
      'Melden Sie sich mit einem Konto einer anderen Organisation an, oder bitten Sie den Helpdesk, Ihre einzutragen.',
      'Für den Administrator des Helpdesks: Die Kennung der Organisation steht unten. Nehmen Sie sie unter die Organisationen auf, die sich anmelden dürfen.',
    ],
    ACCESS_NOT_ASSIGNED: [
      'Sie haben noch keinen Zugang',
      'Ihr Konto ist bekannt, aber niemand hat ihm Zugang zu diesem Helpdesk gegeben.',
      'Bitten Sie Ihre IT-Abteilung um Zugang, und versuchen Sie es dann erneut.',
    ],
    CONSENT_REQUIRED: [
      'Ihre Organisation muss diesem Helpdesk zuerst zustimmen',
      'Ein Administrator Ihrer Organisation muss erlauben, dass sich ihre Konten hier anmelden. Sie selbst können das nicht.',
      'Bitten Sie Ihre IT-Abteilung um die Zustimmung, und versuchen Sie es dann erneut.',
    ],
    ORGANISATION_NOT_SET_UP: [
      'Die Anmeldung ist für Ihre Organisation nicht eingerichtet',
      'Der Anmeldedienst kennt diesen Helpdesk in Ihrer Organisation nicht. Deshalb kann sich von dort noch niemand anmelden.',
      CALL_SUPPORT,
    ],
    INTERACTION_REQUIRED: [
      'Bitte melden Sie sich noch einmal an',
      'Der Anmeldedienst möchte Sie vorher etwas fragen, zum Beispiel Ihr Kennwort oder einen Code.',
      'Melden Sie sich erneut an, und beantworten Sie die Fragen.',
    ],
    BLOCKED_BY_POLICY: [
      'Ihre Organisation erlaubt diese Anmeldung nicht',
      'Eine Sicherheitsregel Ihrer Organisation hat sie verhindert. Vielleicht verlangt sie ein Gerät, das Ihre Organisation verwaltet, oder ein anderes Netz oder einen anderen Ort.',
      'Versuchen Sie es von Ihrem Arbeitsrechner aus. Wenn das nicht hilft, nennen Sie Ihrer IT-Abteilung die Nummern, die unten stehen: Sie zeigen, welche Regel es war.',
    ],
    ACCOUNT_DISABLED: [
      'Dieses Konto ist abgeschaltet',
      'Ihre Organisation hat das Konto deaktiviert. Es kann sich nicht mehr anmelden.',
      'Verwenden Sie ein anderes Konto, oder bitten Sie Ihre IT-Abteilung, es wieder einzuschalten.',
    ],
    SIGN_IN_MISCONFIGURED: [
      'Die Anmeldung ist gestört',
      'Etwas an den Einstellungen dieses Helpdesks stimmt nicht. Sie haben nichts falsch gemacht, und ein neuer Versuch hilft erst, wenn es behoben ist.',
      CALL_SUPPORT,
    ],
    SIGN_IN_LOOP: [
      'Die Anmeldung hat sich im Kreis gedreht',
      'Ihr Browser wurde wieder und wieder zum Anmeldedienst geschickt. Wir haben das beendet.',
      `Schließen Sie alle Fenster dieses Browsers, öffnen Sie ihn neu, und melden Sie sich an. ${ASK_SUPPORT}`,
    ],
    PROVIDER_ERROR: [
      'Der Anmeldedienst hat einen Fehler gemeldet',
      'Ihre Anmeldung konnte nicht abgeschlossen werden. Oft ist das einen Augenblick später vorbei.',
      `Versuchen Sie es erneut. ${ASK_SUPPORT}`,
    ],
    CODE_REJECTED: [
      'Diese Anmeldung ist abgelaufen',
      'Sie hat zu lange gedauert, wurde schon verwendet, oder Ihre Organisation hat sie inzwischen beendet.',
      'Melden Sie sich erneut an, um fortzufahren.',
    ],
    PROVIDER_UNREACHABLE: [
      'Der Anmeldedienst ist nicht erreichbar',
      'Im Augenblick können wir niemanden anmelden. Wer schon angemeldet ist, kann weiterarbeiten.',
      'Warten Sie einen Augenblick, und versuchen Sie es erneut.',
    ],
    TOKEN_INVALID: [
      'Die Anmeldung konnte nicht geprüft werden',
      'Die Antwort des Anmeldedienstes hat unsere Prüfung nicht bestanden. Zu Ihrem Schutz sind Sie nicht angemeldet.',
      `Versuchen Sie es erneut. ${ASK_SUPPORT}`,
    ],
    GROUPS_OVERAGE: [
      'Ihre Mitgliedschaften konnten nicht gelesen werden',
      'Ihr Konto gehört so vielen Gruppen an, dass der Anmeldedienst sie nicht aufgezählt hat. Wir wissen deshalb nicht, was Sie öffnen dürfen.',
      CALL_SUPPORT,
    ],
    GROUPS_UNREACHABLE: [
      'Ihre Mitgliedschaften können gerade nicht gelesen werden',
      'Ihr Konto gehört so vielen Gruppen an, dass wir sie an anderer Stelle erfragen müssen, und dort kommt keine Antwort. Ohne sie wissen wir nicht, was Sie öffnen dürfen.',
      'Warten Sie einen Augenblick und versuchen Sie es erneut.',
    ],
    CALLBACK_INVALID: [
      'Diese Anmeldung kann nicht abgeschlossen werden',
      'Die Adresse ist unvollständig oder gehört zu einer Anmeldung, die schon vorbei ist. Das geschieht mit einem Lesezeichen oder der Zurück-Taste.',
      'Beginnen Sie hier von vorn.',
    ],
    COOKIES_BLOCKED: [
      'Ihr Browser behält unsere Cookies nicht',
      'Zur Anmeldung sind Cookies nötig, und dieser Browser hat unsere nicht zurückgeschickt. Vielleicht sind sie gesperrt, oder die Anmeldung begann in einem anderen Browser oder einer App.',
      'Erlauben Sie Cookies für diese Website, oder öffnen Sie sie in einem anderen Browser, und melden Sie sich erneut an.',
    ],
  },
  organisationNotAdmitted: organisation =>
    `Die Anmeldung war erfolgreich, aber Konten Ihrer Organisation (${organisation}) haben keinen Zugang zu diesem Helpdesk.`,

  gateway: {
    upstreamUnreachable: [
      'Der Helpdesk ist nicht erreichbar',
      'Er antwortet im Augenblick nicht. Sie wurden nicht abgemeldet.',
      `Warten Sie einen Augenblick, und versuchen Sie es erneut. ${ASK_SUPPORT}`,
    ],
    upstreamTimeout: [
      'Der Helpdesk braucht zu lange für eine Antwort',
      'Wir haben gewartet und mussten aufgeben. Wenn Sie etwas gesendet haben, sehen Sie nach, ob es angekommen ist, bevor Sie es noch einmal senden.',
      `Warten Sie einen Augenblick, und versuchen Sie es erneut. ${ASK_SUPPORT}`,
    ],
    clientTimeout: [
      'Ihre Anfrage ist nicht vollständig angekommen',
      'Die Verbindung war zu langsam oder brach mittendrin ab.',
      'Prüfen Sie Ihre Verbindung, und versuchen Sie es erneut.',
    ],
    storeUnreachable: [
      'Wir können Ihre Anmeldung gerade nicht prüfen',
      'Ein Teil des Dienstes ist nicht verfügbar. Wenn Sie angemeldet waren, sind Sie es weiterhin.',
      `Warten Sie einen Augenblick, und versuchen Sie es erneut. ${ASK_SUPPORT}`,
    ],
    tooManyRequests: [
      'Zu viele Anmeldungen auf einmal',
      'An Ihrer Adresse melden sich gerade mehr Menschen an, als wir zulassen, oder jemand sehr oft. Wenn Sie angemeldet waren, sind Sie es weiterhin.',
      `Warten Sie eine Minute, und versuchen Sie es erneut. ${ASK_SUPPORT}`,
    ],
    internalError: [
      'Etwas ist schiefgegangen',
      'Ein Fehler auf unserer Seite hat eine Antwort verhindert.',
      `Versuchen Sie es erneut. ${ASK_SUPPORT}`,
    ],
    badRequest: [
      'Diese Anfrage ist nicht lesbar',
      'Ihr Browser hat etwas gesendet, das mehr als eine Bedeutung hat. Wir haben es nicht weitergegeben.',
      `Laden Sie die Seite neu. ${ASK_SUPPORT}`,
    ],
    badTarget: [
      'Diese Adresse kann nicht geöffnet werden',
      'Sie enthält Zeichen, die hier in einer Adresse nicht stehen dürfen.',
      'Prüfen Sie die Adresse, oder suchen Sie den Weg von der Startseite des Helpdesks aus.',
    ],
    unknownHost: [
      'Unter dieser Adresse gibt es keinen Helpdesk',
      'Der Server wurde erreicht, aber nicht unter einem Namen, den er kennt.',
      'Prüfen Sie die Adresse im Browser auf Tippfehler, oder fragen Sie Ihren Helpdesk nach der richtigen.',
    ],
    notFound: [
      'Diese Seite gibt es nicht',
      'Vielleicht ist die Adresse unvollständig oder veraltet.',
      'Suchen Sie den Weg von der Startseite des Helpdesks aus.',
    ],
    methodNotAllowed: [
      'So kann diese Adresse nicht verwendet werden',
      'Die Seite gibt es, aber nicht für das, was Ihr Browser von ihr wollte.',
      'Gehen Sie zurück, laden Sie die Seite neu, und versuchen Sie es noch einmal.',
    ],
    crossOrigin: [
      'Das kam von einer anderen Website',
      'Eine Seite außerhalb dieses Helpdesks hat versucht, hier in Ihrem Namen etwas zu ändern. Zu Ihrem Schutz haben wir das verhindert.',
      'Wenn Sie das tun wollten, öffnen Sie den Helpdesk selbst, und tun Sie es dort.',
    ],
    noConnection: [
      'So können Sie sich nicht anmelden',
      'Diese Art der Anmeldung gibt es hier nicht oder nicht mehr. Vielleicht ist der Link veraltet.',
      'Öffnen Sie die Startseite des Helpdesks, und melden Sie sich dort an.',
    ],
  },
};
