CREATE TABLE "package_seats" (
	"person" text NOT NULL,
	"seat" integer NOT NULL,
	"holder" text NOT NULL,
	"ends_at" timestamp with time zone NOT NULL,
	CONSTRAINT "package_seats_person_seat_pk" PRIMARY KEY("person","seat")
);
